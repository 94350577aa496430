//! Turns and flips: orientation, and what the person asks for.
