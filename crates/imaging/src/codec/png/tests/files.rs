//! Writes PNG files of every kind, byte by byte, without the libraries that read them.

/// Where the seven passes of an interlaced picture begin, and their steps.
const PASSES: [(u32, u32, u32, u32); 7] =
    [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

const GRAY: u8 = 0;
const RGB: u8 = 2;
const PALETTE: u8 = 3;
const GRAY_ALPHA: u8 = 4;
const RGB_ALPHA: u8 = 6;

/// A kind of file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    pub width: u32,
    pub height: u32,
    pub color: u8,
    pub depth: u8,
    pub is_interlaced: bool,
    pub has_transparent: bool,
}

/// All colour types with all their depths, interlaced and not, with and without `tRNS`, in sizes
/// that leave passes empty.
pub(super) fn kinds() -> Vec<Kind> {
    let depths: [(u8, &[u8]); 5] = [
        (GRAY, &[1, 2, 4, 8, 16]),
        (RGB, &[8, 16]),
        (PALETTE, &[1, 2, 4, 8]),
        (GRAY_ALPHA, &[8, 16]),
        (RGB_ALPHA, &[8, 16]),
    ];
    let mut kinds = Vec::new();
    for (color, depths) in depths {
        for depth in depths {
            for is_interlaced in [false, true] {
                for has_transparent in [false, true] {
                    if has_transparent && color >= GRAY_ALPHA {
                        continue;
                    }
                    for (width, height) in [(1, 1), (3, 2), (5, 9), (32, 17)] {
                        kinds.push(Kind {
                            width,
                            height,
                            color,
                            depth: *depth,
                            is_interlaced,
                            has_transparent,
                        });
                    }
                }
            }
        }
    }
    kinds
}

impl Kind {
    /// A plain picture.
    pub(super) fn rgb(width: u32, height: u32) -> Self {
        Self { width, height, color: RGB, depth: 8, is_interlaced: false, has_transparent: false }
    }

    fn channels(self) -> u32 {
        match self.color {
            RGB => 3,
            GRAY_ALPHA => 2,
            RGB_ALPHA => 4,
            _ => 1,
        }
    }

    fn largest(self) -> u32 {
        (1 << self.depth) - 1
    }

    /// The stored number of a channel.
    fn sample(self, x: u32, y: u32, channel: u32) -> u32 {
        let number = x * 37 + y * 91 + channel * 53 + x * y * 11;
        if self.depth == 16 { (number * 1021) & 0xffff } else { number & self.largest() }
    }

    /// A colour of the palette.
    fn palette(index: u32) -> [u32; 3] {
        [(index * 3) & 255, (index * 7 + 40) & 255, (255 - index) & 255]
    }

    /// How opaque a colour of the palette is; only the first ones say it.
    fn palette_alpha(self, index: u32) -> u32 {
        if self.has_transparent && index < 3 { index * 100 } else { 255 }
    }

    /// The one colour that is transparent: that of the first pixel.
    fn transparent(self) -> Vec<u32> {
        (0..self.channels()).map(|channel| self.sample(0, 0, channel)).collect()
    }

    fn pixel(self, x: u32, y: u32) -> [u16; 4] {
        let samples: Vec<u32> = (0..self.channels()).map(|channel| self.sample(x, y, channel)).collect();
        let is_transparent = self.has_transparent && samples == self.transparent();
        let wide = |sample: u32| u16::try_from(sample * 65_535 / self.largest()).unwrap();
        let from_byte = |sample: u32| u16::try_from(sample * 257).unwrap();
        let opacity = if is_transparent { 0 } else { u16::MAX };
        match self.color {
            GRAY => [wide(samples[0]), wide(samples[0]), wide(samples[0]), opacity],
            RGB => [wide(samples[0]), wide(samples[1]), wide(samples[2]), opacity],
            PALETTE => {
                let [red, green, blue] = Self::palette(samples[0]).map(from_byte);
                [red, green, blue, from_byte(self.palette_alpha(samples[0]))]
            }
            GRAY_ALPHA => [wide(samples[0]), wide(samples[0]), wide(samples[0]), wide(samples[1])],
            _ => [wide(samples[0]), wide(samples[1]), wide(samples[2]), wide(samples[3])],
        }
    }

    /// The picture as 16-bit RGBA.
    pub(super) fn expected(self) -> Vec<u16> {
        let places = (0..self.height).flat_map(|y| (0..self.width).map(move |x| (x, y)));
        places.flat_map(|(x, y)| self.pixel(x, y)).collect()
    }

    /// A row of one pass, with its filter.
    fn push_row(self, out: &mut Vec<u8>, y: u32, columns: impl Iterator<Item = u32>) {
        let start = out.len();
        let mut bits = 0;
        let mut row: Vec<u8> = Vec::new();
        for x in columns {
            for channel in 0..self.channels() {
                let sample = self.sample(x, y, channel);
                if self.depth == 16 {
                    row.extend(u16::try_from(sample).unwrap().to_be_bytes());
                } else {
                    if bits % 8 == 0 {
                        row.push(0);
                    }
                    bits += u32::from(self.depth);
                    let shift = (8 - bits % 8) % 8;
                    *row.last_mut().unwrap() |= u8::try_from(sample << shift).unwrap();
                }
            }
        }
        if row.is_empty() {
            return;
        }
        // Every other row is filtered by `Sub`, so that not only `None` is read.
        let is_filtered = y % 2 == 1;
        out.push(u8::from(is_filtered));
        let step = usize::try_from((u32::from(self.depth) * self.channels()).div_ceil(8)).unwrap();
        out.extend((0..row.len()).map(|place| {
            let before = if is_filtered && place >= step { row[place - step] } else { 0 };
            row[place].wrapping_sub(before)
        }));
        assert!(out.len() > start);
    }

    fn data(self) -> Vec<u8> {
        let passes = if self.is_interlaced { PASSES.to_vec() } else { vec![(0, 0, 1, 1)] };
        let mut out = Vec::new();
        for (left, top, across, down) in passes {
            for y in (top..self.height).step_by(down as usize) {
                self.push_row(&mut out, y, (left..self.width).step_by(across as usize));
            }
        }
        out
    }

    pub(super) fn file(self) -> Vec<u8> {
        self.file_with(&[])
    }

    pub(super) fn file_with(self, chunks: &[([u8; 4], Vec<u8>)]) -> Vec<u8> {
        self.file_of(&self.data(), chunks)
    }

    pub(super) fn file_of(self, data: &[u8], chunks: &[([u8; 4], Vec<u8>)]) -> Vec<u8> {
        let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
        let mut header = self.width.to_be_bytes().to_vec();
        header.extend(self.height.to_be_bytes());
        header.extend([self.depth, self.color, 0, 0, u8::from(self.is_interlaced)]);
        chunk(&mut file, *b"IHDR", &header);
        for (kind, data) in chunks {
            chunk(&mut file, *kind, data);
        }
        if self.color == PALETTE {
            let colors = (0..=self.largest()).flat_map(Self::palette);
            let colors: Vec<u8> = colors.map(|channel| u8::try_from(channel).unwrap()).collect();
            chunk(&mut file, *b"PLTE", &colors);
        }
        if self.has_transparent {
            let transparent: Vec<u8> = if self.color == PALETTE {
                let count = 3.min(self.largest() + 1);
                (0..count).map(|index| u8::try_from(self.palette_alpha(index)).unwrap()).collect()
            } else {
                self.transparent()
                    .iter()
                    .flat_map(|sample| u16::try_from(*sample).unwrap().to_be_bytes())
                    .collect()
            };
            chunk(&mut file, *b"tRNS", &transparent);
        }
        chunk(&mut file, *b"IDAT", &zlib(data));
        chunk(&mut file, *b"IEND", &[]);
        file
    }
}

pub(super) fn chunk(file: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    file.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
    let start = file.len();
    file.extend(kind);
    file.extend(data);
    let checksum = crc32fast::hash(&file[start..]);
    file.extend(checksum.to_be_bytes());
}

/// Data as it is, in the form of compressed data.
pub(super) fn zlib(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks = data.chunks(65_535);
    let last = blocks.len().saturating_sub(1);
    for (number, block) in blocks.enumerate() {
        let length = u16::try_from(block.len()).unwrap();
        out.push(u8::from(number == last));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in data {
        low = (low + u32::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    out.extend(((high << 16) | low).to_be_bytes());
    out
}

/// Very many zeros in very few bytes.
pub(super) fn many_zeros() -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 8192, 10_240);
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    encoder.write_header().unwrap().write_image_data(&vec![0; 80 << 20]).unwrap();
    let chunks = crate::format::png_chunks(&file).unwrap();
    chunks.iter().filter(|(kind, _)| kind == b"IDAT").flat_map(|(_, data)| data.to_vec()).collect()
}
