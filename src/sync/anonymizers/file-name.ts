import * as z from "zod";
import { defineAnonymizer, TEXT_TYPES } from "../anonymizer.ts";
import { cutTo, OPAQUE_LENGTH, opaqueDistinctness } from "../values/drawn-text.ts";

/** What is known to be an extension: any other ending may be a name. */
const KNOWN = [
  "7z aac ai avi avif bak bin bmp bz2 csv css dat dcm dll dmg doc docm docx dot dotx dwg dxf eml eps epub exe flac flv",
  "gif gpx gz heic heif html htm ico ics indd ini iso jar java jpeg jpg js json jsonl key kml kmz log m4a m4v md mdb mid",
  "mkv mov mp3 mp4 mpeg mpg msg msi ndjson numbers odg odp ods odt ogg ogv opus otf p12 p7m pages parquet pdf pem pfx",
  "php png pot potx pps ppsx ppt pptm pptx ps psd py rar raw rb rtf sh sig sql sqlite stl svg svgz tar tgz tif tiff toml",
  "ts tsv ttf txt vcf vsd vsdx wav weba webm webp wma wmf wmv woff woff2 xhtml xls xlsb xlsm xlsx xml xps xz yaml yml zip",
  "zst",
]
  .join(" ")
  .split(" ");

const options = z.strictObject({
  extensions: z
    .array(z.string().regex(/^[A-Za-z0-9]{1,20}$/, "letters and digits"))
    .default([])
    .describe("Extensions to keep besides those that are common"),
});

export const fileName = defineAnonymizer({
  name: "file-name",
  summary: "An opaque name with the same extension",
  options,
  accepts: TEXT_TYPES,
  isKeyed: true,
  distinctness: (_options, column) => opaqueDistinctness(column),
  prepare({ extensions }, column) {
    const known = new Set([...KNOWN, ...extensions.map((extension) => extension.toLowerCase())]);
    const most = column.maxLength ?? Infinity;
    return {
      mask(value, draw) {
        const [ending = "", extension = ""] = /(?:\.tar)?\.([A-Za-z0-9]{1,20})$/i.exec(value) ?? [];
        const isKept = known.has(extension.toLowerCase()) && OPAQUE_LENGTH + ending.length <= most;
        return cutTo(draw.opaque(), column) + (isKept ? ending : "");
      },
    };
  },
  recognises: {
    name: /file_?name$|^(?:attachment|document)(?:_name)?$|dateiname|nom_(?:de|du)_fichier/,
    value: /^[^/\\\n]{1,200}\.(?:csv|docx?|gif|jpe?g|mp[34]|odt|pdf|png|pptx?|txt|xlsx?|zip)$/i,
  },
  example: { options: {}, type: "text", values: ["Lovelace, Ada - CV.PDF", "scan.tar.gz", "ada.lovelace"] },
});
