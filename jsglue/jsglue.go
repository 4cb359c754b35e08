// Package jsglue holds the shim: the JavaScript that loads a Go program into a Custom UI page and carries its calls
// to the bridge. It has two entry points: forgego.js for a classic script, and module.js for an ES module, which can also
// call the functions that a program exports. "forgego build" and "forgego module" bundle its modules into one file.
package jsglue

import "embed"

// Shim has the shim's modules as readable JavaScript.
//
//go:embed *.js
var Shim embed.FS

// ModuleTypes describes the ES module for TypeScript.
//
//go:embed module.d.ts
var ModuleTypes []byte

// VitePlugin is the plugin for Vite, which "forgego vite" writes into a project.
//
//go:embed vite/index.js
var VitePlugin []byte

// VitePluginTypes are the types of the plugin for TypeScript.
//
//go:embed vite/index.d.ts
var VitePluginTypes []byte
