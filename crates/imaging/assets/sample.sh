#!/bin/sh
# Draws sample.jpg from sample.svg and writes EXIF into it, as a telephone would: a position on
# open water, a camera that does not exist, a time. Needs rsvg-convert, ImageMagick and exiftool.
set -eu
cd "$(dirname "$0")"
drawn=$(mktemp -d)
trap 'rm -rf "$drawn"' EXIT
rsvg-convert -w 1200 -h 800 sample.svg -o "$drawn/sample.png"
convert "$drawn/sample.png" -sampling-factor 4:2:0 -interlace JPEG -quality 82 -strip "$drawn/sample.jpg"
exiftool -q -overwrite_original \
  -Make=Picferry -Model="Harbour camera" -Software="assets/sample.sh" \
  -DateTimeOriginal="2026:05:01 06:30:00" -ImageDescription="A ferry leaves the harbour" \
  -GPSLatitude=54.5 -GPSLatitudeRef=N -GPSLongitude=10.5 -GPSLongitudeRef=E \
  "$drawn/sample.jpg"
mv "$drawn/sample.jpg" sample.jpg
