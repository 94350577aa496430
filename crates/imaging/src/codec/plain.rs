//! TIFF, BMP, ICO and QOI: formats that are read and never written.
