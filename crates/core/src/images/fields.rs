//! The fields of a profile that say what happens to its pictures.

use crate::field::{FieldChoice, FieldKind, FieldSection, FieldSpec, Words};

const fn choice(value: &'static str, en: &'static str, zh_cn: &'static str) -> FieldChoice {
    FieldChoice { value, label: Words::new(en, zh_cn) }
}

const fn field(key: &'static str, en: &'static str, zh_cn: &'static str) -> FieldSpec {
    FieldSpec::text(key, Words::new(en, zh_cn)).section(FieldSection::Images)
}

/// How many fields there are.
pub const IMAGE_FIELD_COUNT: usize = 28;

/// The fields, in the order of the form.
pub const IMAGE_FIELDS: [FieldSpec; IMAGE_FIELD_COUNT] = [
    field("image_format", "Format", "格式")
        .select(
            &[
                choice("keep", "Keep", "不变"),
                choice("auto", "Auto", "自动"),
                choice("jpeg", "JPEG", "JPEG"),
                choice("png", "PNG", "PNG"),
                choice("webp", "WebP", "WebP"),
                choice("avif", "AVIF", "AVIF"),
            ],
            "auto",
        )
        .help(Words::new(
            "Auto takes the smallest that looks the same. It never makes a file larger.",
            "自动选择看起来一样的最小格式，文件只会变小。",
        )),
    field("image_newest", "Readers can show", "读者可显示")
        .select(
            &[
                choice("jpeg_png", "JPEG and PNG", "JPEG与PNG"),
                choice("webp", "WebP too", "含WebP"),
                choice("avif", "AVIF too", "含AVIF"),
            ],
            "avif",
        )
        .visible_when("image_format", &["auto"]),
    field("image_aim", "Aim for", "目标").select(
        &[
            choice("quality", "Quality", "质量"),
            choice("size", "Size", "大小"),
            choice("encoder", "Encoder's number", "编码器数值"),
        ],
        "quality",
    ),
    field("image_quality", "Quality", "质量")
        .kind(FieldKind::Percent)
        .default("80")
        .help(Words::new(
            "90 cannot be told from the original, 80 only side by side, 70 is small.",
            "90与原图无法分辨，80并排才能看出，70体积小。",
        ))
        .visible_when("image_aim", &["quality"]),
    field("image_encoder_quality", "Encoder's number", "编码器数值")
        .kind(FieldKind::Percent)
        .default("80")
        .visible_when("image_aim", &["encoder"]),
    field("image_max_kb", "At most", "最大体积")
        .kind(FieldKind::Number)
        .placeholder("300")
        .help(Words::new("In KB.", "单位KB。"))
        .visible_when("image_aim", &["size"]),
    field("image_long_edge", "Longest side", "最长边")
        .kind(FieldKind::Number)
        .placeholder("2400")
        .help(Words::new("In pixels. Smaller pictures are not enlarged.", "单位像素，较小的图片不会放大。")),
    field("metadata", "Metadata", "元数据")
        .select(
            &[
                choice("strip", "Remove", "移除"),
                choice("private", "Remove private parts", "移除隐私部分"),
                choice("keep", "Keep", "保留"),
            ],
            "strip",
        )
        .help(Words::new(
            "Private parts are position, serial numbers and owner.",
            "隐私部分指位置、序列号与所有者。",
        )),
    field("color_profile", "Colour profile", "色彩配置")
        .select(&[choice("keep", "Keep", "保留"), choice("srgb", "Convert to sRGB", "转为sRGB")], "keep"),
    field("image_convert", "By source", "按来源转换")
        .placeholder("png=webp, bmp=png")
        .help(Words::new(
            "Stands above Format: what a file was, and what it becomes.",
            "优先于“格式”：原格式与转换后的格式。",
        ))
        .advanced(),
    field("image_max_width", "Widest", "最大宽度").kind(FieldKind::Number).advanced(),
    field("image_max_height", "Highest", "最大高度").kind(FieldKind::Number).advanced(),
    field("image_percent", "Scale", "缩放")
        .kind(FieldKind::Number)
        .help(Words::new("In percent, at most 100.", "百分比，最大100。"))
        .advanced(),
    field("image_crop", "Crop", "裁剪")
        .placeholder("0,0,1600,900")
        .help(Words::new(
            "Left, top, width and height of the part that stays, in pixels.",
            "保留区域的左、上、宽、高，单位像素。",
        ))
        .advanced(),
    field("image_rotate", "Turn", "旋转")
        .select(
            &[
                choice("0", "None", "无"),
                choice("90", "90° right", "右转90°"),
                choice("180", "180°", "180°"),
                choice("270", "90° left", "左转90°"),
            ],
            "0",
        )
        .advanced(),
    field("image_flip", "Flip", "翻转")
        .select(
            &[
                choice("none", "None", "无"),
                choice("horizontal", "Left and right", "左右"),
                choice("vertical", "Top and bottom", "上下"),
            ],
            "none",
        )
        .advanced(),
    field("image_png", "PNG", "PNG")
        .select(
            &[choice("lossless", "Lossless", "无损"), choice("palette", "256 colours", "256色")],
            "lossless",
        )
        .advanced(),
    field("image_webp", "WebP", "WebP")
        .select(
            &[
                choice("auto", "As suits the picture", "按图片选择"),
                choice("lossy", "Lossy", "有损"),
                choice("lossless", "Lossless", "无损"),
                choice("near_lossless", "Nearly lossless", "近无损"),
            ],
            "auto",
        )
        .advanced(),
    field("image_effort", "Effort", "力度")
        .select(&[choice("fast", "Sooner", "更快"), choice("small", "Smaller", "更小")], "fast")
        .advanced(),
    field("image_skip", "Left as they are", "保持原样")
        .placeholder("gif, svg, ico")
        .help(Words::new(
            "Formats or extensions. “animation” means everything that moves.",
            "格式或扩展名，“animation”指所有动图。",
        ))
        .advanced(),
    field("image_skip_below_kb", "Smaller than", "小于")
        .kind(FieldKind::Number)
        .placeholder("40")
        .help(Words::new("In KB: left as they are.", "单位KB，保持原样。"))
        .advanced(),
    field("image_when_impossible", "Cannot be processed", "无法处理时")
        .select(
            &[choice("send", "Send as it is", "原样发送"), choice("refuse", "Do not send", "不发送")],
            "send",
        )
        .advanced(),
    field("image_time_budget", "Time to search", "搜索时间")
        .kind(FieldKind::Number)
        .default("10")
        .help(Words::new(
            "Seconds of one processor core that Auto may take for a picture.",
            "自动模式处理一张图片可用的单核秒数。",
        ))
        .advanced(),
    field("image_allow_damaged", "Damaged JPEG", "损坏的JPEG")
        .kind(FieldKind::Toggle)
        .default("false")
        .help(Words::new("Process it as far as it goes.", "尽可能处理。"))
        .advanced(),
    field("watermark", "Watermark", "水印")
        .placeholder("© example.com")
        .help(Words::new(
            "Words, or the path of a picture that begins with / or ~.",
            "文字，或以/或~开头的图片路径。",
        ))
        .advanced(),
    field("watermark_position", "Its place", "水印位置")
        .select(
            &[
                choice("bottom_right", "Bottom right", "右下"),
                choice("bottom_left", "Bottom left", "左下"),
                choice("top_right", "Top right", "右上"),
                choice("top_left", "Top left", "左上"),
                choice("center", "Centre", "居中"),
                choice("tiled", "All over", "平铺"),
            ],
            "bottom_right",
        )
        .advanced(),
    field("watermark_opacity", "Its opacity", "水印不透明度")
        .kind(FieldKind::Percent)
        .default("60")
        .advanced(),
    field("watermark_scale", "Its width", "水印宽度")
        .kind(FieldKind::Percent)
        .default("20")
        .help(Words::new("In percent of the picture's.", "占图片宽度的百分比。"))
        .advanced(),
];
