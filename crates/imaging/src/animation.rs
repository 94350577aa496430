//! A picture that moves: frames with their delays.
