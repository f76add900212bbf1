/** A jar that holds nothing but a class path, as Alluxio's assembly jars are looked for by name. */
import { createZipEntry, renderZip } from './zip.ts';

/** The longest line of a manifest, in bytes without the line end (JAR File Specification, "Notes on Manifest"). */
const LINE_BYTES = 72;

/** Splits one header into lines that each continue with a space. ASCII only: jar names are. */
function foldHeader(header: string): string {
  const lines = [header.slice(0, LINE_BYTES)];
  for (let at = LINE_BYTES; at < header.length; at += LINE_BYTES - 1) {
    lines.push(` ${header.slice(at, at + LINE_BYTES - 1)}`);
  }
  return lines.join('\r\n');
}

export function renderManifest(classPath: readonly string[]): string {
  return `Manifest-Version: 1.0\r\n${foldHeader(`Class-Path: ${classPath.join(' ')}`)}\r\n\r\n`;
}

export function renderManifestJar(classPath: readonly string[]): Buffer {
  return renderZip([createZipEntry('META-INF/MANIFEST.MF', renderManifest(classPath))]);
}
