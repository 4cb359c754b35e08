// Package jsglue holds the shim: the JavaScript that loads a Go program into a Custom UI page and carries its calls
// to the bridge.
//
// A page loads one of two bundles of its modules. "forgego build" writes the classic script, whose entry point is
// forgego.js. "forgego module" writes the ES module, whose entry point is module.js; it can also call the functions that the
// program exports. Both load the bundles of other entry points only when they need them: page.js and worker.js for a program
// in a worker, and more.js for what the ES module seldom needs.
package jsglue

import "embed"

// Shim has the shim's modules as readable JavaScript.
//
//go:embed *.js
var Shim embed.FS

// ModuleTypes has the types of the ES module for TypeScript.
//
//go:embed module.d.ts
var ModuleTypes []byte

// VitePlugin is the plugin for Vite as JavaScript. "forgego vite" writes it into a project.
//
//go:embed vite/index.js
var VitePlugin []byte

// VitePluginTypes has the types of the plugin for TypeScript.
//
//go:embed vite/index.d.ts
var VitePluginTypes []byte
