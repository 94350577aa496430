// Hands pictures to universal-picgo as SiYuan's PicGo plugin does when its person chose "PicGo app": that package
// is the plugin's own, and untouched. Prints the answer it makes of ours, or the words it throws.
// Usage: node siyuan.mjs <folder of node_modules> <address of the server> [picture]…; no picture means a paste.
import fs from "node:fs"
import { createRequire } from "node:module"
import { pathToFileURL } from "node:url"

const [folder, address, ...pictures] = process.argv.slice(2)
const require = createRequire(pathToFileURL(`${folder}/`))

// What it finds in the window of SiYuan's desktop app, and keeps its settings by.
Object.assign(globalThis, { window: globalThis, parent: globalThis, fs, require })
// It tells its log everything; standard output is for the answer.
for (const voice of ["debug", "info", "log", "warn"]) console[voice] = console.error

const { ExternalPicgo, PicgoTypeEnum, UniversalPicGo } = await import(
  pathToFileURL(require.resolve("universal-picgo"))
)
const app = new ExternalPicgo(new UniversalPicGo("", "", "", false), false)
app.db.saveConfig({ useBundledPicgo: false, picgoType: PicgoTypeEnum.App, extPicgoApiUrl: address })
const answer = await app.upload(pictures).then(
  (uploaded) => ({ uploaded }),
  (error) => ({ error: error.message }),
)
process.stdout.write(JSON.stringify(answer))
