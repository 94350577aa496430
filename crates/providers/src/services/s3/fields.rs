//! The fields of an S3 profile, as data.

use picferry_core::field::{FieldChoice, FieldKind, FieldSection, FieldSpec, Words};

/// The fields of S3 itself; the common ones follow them.
pub(super) const FIELDS: &[FieldSpec] = &[
    FieldSpec::text("endpoint", Words::new("Endpoint", "接入地址"))
        .kind(FieldKind::Url)
        .required()
        .placeholder("https://s3.example.com")
        .help(Words::new(
            "Where uploads go. A bucket pasted with it is taken out.",
            "即Endpoint，上传所用的地址。连同存储桶一起粘贴也可以，会自动拆开。",
        )),
    FieldSpec::text("region", Words::new("Region", "区域"))
        .placeholder("us-east-1")
        .help(Words::new("Leave it empty to take it from the endpoint.", "留空则从接入地址中读取。")),
    FieldSpec::text("bucket", Words::new("Bucket", "存储桶")).required().placeholder("pictures"),
    FieldSpec::text("access_key_id", Words::new("Access key ID", "访问密钥ID")).required(),
    FieldSpec::text("secret_access_key", Words::new("Secret access key", "访问密钥")).secret().required(),
    FieldSpec::text("session_token", Words::new("Session token", "会话令牌"))
        .secret()
        .advanced()
        .help(Words::new("Only for temporary keys.", "仅临时密钥需要。")),
    FieldSpec::text("path_style", Words::new("Address of the bucket", "存储桶寻址方式"))
        .select(
            &[
                FieldChoice { value: "auto", label: Words::new("Automatic", "自动") },
                FieldChoice { value: "path", label: Words::new("In the path", "放在路径中") },
                FieldChoice { value: "virtual", label: Words::new("In the host name", "放在域名中") },
                FieldChoice {
                    value: "domain",
                    label: Words::new("Endpoint is the bucket", "接入地址即存储桶"),
                },
            ],
            "auto",
        )
        .advanced()
        .help(Words::new(
            "Automatic fits nearly always. The last one is for a domain bound to one bucket.",
            "通常选自动即可。最后一项用于已绑定到某个存储桶的自定义域名。",
        )),
    FieldSpec::text("acl", Words::new("Access of each object", "对象读写权限"))
        .select(
            &[
                FieldChoice { value: "", label: Words::new("As the bucket says", "继承存储桶") },
                FieldChoice { value: "public-read", label: Words::new("Public", "公共读") },
                FieldChoice { value: "private", label: Words::new("Private", "私有") },
            ],
            "",
        )
        .advanced()
        .help(Words::new(
            "Many stores refuse this. Better make the bucket itself public.",
            "不少存储不接受此项，建议直接把存储桶设为公共读。",
        )),
    FieldSpec::text("cache_control", Words::new("Cache-Control", "Cache-Control（缓存）"))
        .placeholder("public, max-age=31536000, immutable")
        .advanced()
        .section(FieldSection::Delivery)
        .help(Words::new(
            "Leave it empty: names made from the content are cached for good, others briefly.",
            "留空即可：以内容命名的文件长期缓存，其他文件短期缓存。",
        )),
    FieldSpec::text("storage_class", Words::new("Storage class", "存储类型"))
        .placeholder("STANDARD")
        .advanced()
        .section(FieldSection::Delivery)
        .help(Words::new("Empty for the bucket's own.", "留空则使用存储桶的默认类型。")),
    FieldSpec::text("proxy", Words::new("Proxy", "代理"))
        .placeholder("socks5://127.0.0.1:1080")
        .advanced()
        .help(Words::new(
            "“none”, “system”, or an address. Empty for the app's own setting.",
            "可填none、system或代理地址。留空则使用应用的设置。",
        )),
    FieldSpec::text("ca_file", Words::new("Extra certificate", "额外证书"))
        .kind(FieldKind::Path)
        .placeholder("/etc/ssl/my-ca.pem")
        .advanced()
        .help(Words::new(
            "A PEM file, for a server that signs its own certificate.",
            "PEM文件，用于自签名证书的服务器。",
        )),
    FieldSpec::text("insecure", Words::new("Accept any certificate", "接受任何证书"))
        .kind(FieldKind::Toggle)
        .default("false")
        .advanced()
        .help(Words::new(
            "Somebody in between can read and change everything. Prefer the extra certificate.",
            "中间人可以读取并篡改全部内容，建议改用“额外证书”。",
        )),
];
