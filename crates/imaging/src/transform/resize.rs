//! Makes a picture smaller, in linear light where that is seen.
