//! Takes what is private out of XMP, which is XML.

use resvg::usvg::roxmltree::{Document, ExpandedName};
use std::ops::Range;

/// Names that are private in whichever vocabulary they stand.
const PRIVATE_PARTS: &[&str] =
    &["gps", "serialnumber", "latitude", "longitude", "ownername", "makernote", "uniqueid"];

/// Names that are private in one vocabulary.
const PRIVATE_NAMES: &[(&str, &[&str])] = &[
    ("http://purl.org/dc/elements/1.1/", &["creator", "contributor"]),
    ("http://ns.adobe.com/tiff/1.0/", &["Artist", "HostComputer"]),
    ("http://ns.adobe.com/xap/1.0/rights/", &["Owner"]),
    (
        "http://ns.adobe.com/photoshop/1.0/",
        &["City", "State", "Country", "AuthorsPosition", "CaptionWriter", "DocumentAncestors"],
    ),
    ("http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/", &["Location", "CountryCode", "CreatorContactInfo"]),
    (
        "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
        &["LocationCreated", "LocationShown", "PersonInImage", "PersonInImageWDetails"],
    ),
    ("http://ns.adobe.com/camera-raw-settings/1.0/", &["RawFileName"]),
    // The main block would announce a second one, which does not come along.
    ("http://ns.adobe.com/xmp/note/", &["HasExtendedXMP"]),
];

/// Vocabularies that hold nothing but numbers of documents, people in them, and flights.
const PRIVATE_VOCABULARIES: &[&str] = &[
    "http://ns.adobe.com/xap/1.0/mm/",
    "http://ns.microsoft.com/photo/1.2/",
    "http://www.metadataworkinggroup.com/schemas/regions/",
    "http://www.dji.com/drone-dji/1.0/",
];

/// XMP without position, serial numbers and owner. `None` when it cannot be read: then nothing of
/// it can be vouched for.
pub(super) fn without_private(xmp: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(xmp).ok()?.trim_end_matches('\0');
    let document = Document::parse(text).ok()?;
    let mut cuts: Vec<Range<usize>> = Vec::new();
    for node in document.descendants() {
        if node.is_comment() || (node.is_element() && is_private(node.tag_name())) {
            cuts.push(node.range());
            continue;
        }
        for attribute in node.attributes() {
            let name = match attribute.namespace() {
                Some(vocabulary) => ExpandedName::from((vocabulary, attribute.name())),
                None => ExpandedName::from(attribute.name()),
            };
            if is_private(name) {
                cuts.push(attribute.range());
            }
        }
    }
    cuts.sort_by_key(|cut| cut.start);
    let mut out = String::with_capacity(text.len());
    let mut position = 0;
    for cut in cuts {
        out.push_str(text.get(position..cut.start.max(position))?);
        position = position.max(cut.end);
    }
    out.push_str(text.get(position..)?);
    Some(out.into_bytes())
}

fn is_private(name: ExpandedName<'_, '_>) -> bool {
    let vocabulary = name.namespace().unwrap_or_default();
    let lower = name.name().to_ascii_lowercase();
    PRIVATE_PARTS.iter().any(|part| lower.contains(part))
        || PRIVATE_VOCABULARIES.contains(&vocabulary)
        || PRIVATE_NAMES.iter().any(|(known, names)| *known == vocabulary && names.contains(&name.name()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const XMP: &str = r#"<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:e="http://ns.adobe.com/exif/1.0/"
  xmlns:aux="http://ns.adobe.com/exif/1.0/aux/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
  e:GPSLatitude="SECRET,1N" aux:SerialNumber="SECRET" aux:Lens="35mm" xmp:Rating="5"
  xmpMM:DocumentID="SECRET"><!-- SECRET -->
  <e:GPSLongitude>SECRET,2E</e:GPSLongitude><dc:title>Harbour</dc:title>
  <dc:creator><rdf:Seq><rdf:li>SECRET</rdf:li></rdf:Seq></dc:creator>
  <xmpMM:History><rdf:Seq><rdf:li xmpMM:GPSx="SECRET">SECRET</rdf:li></rdf:Seq></xmpMM:History>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"#;

    #[test]
    fn elements_and_attributes_go_whatever_their_prefix_and_the_rest_stays() {
        let after = String::from_utf8(without_private(XMP.as_bytes()).unwrap()).unwrap();
        assert!(!after.contains("SECRET"), "{after}");
        for kept in ["Harbour", "aux:Lens=\"35mm\"", "xmp:Rating=\"5\"", "<?xpacket end"] {
            assert!(after.contains(kept), "{kept} in {after}");
        }
        assert_eq!(without_private(after.as_bytes()).unwrap(), after.as_bytes(), "twice is once");
    }

    #[test]
    fn what_cannot_be_read_is_not_kept() {
        for text in ["", "<a", "<a>", "\u{0}", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"] {
            assert_eq!(without_private(text.as_bytes()), None, "{text}");
        }
        assert_eq!(without_private(b"\xff\xfe<\0a\0/\0>\0"), None);
    }
}
