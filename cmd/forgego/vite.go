package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/forgego/forgego/jsglue"
)

// viteCommand writes the plugin for Vite.
type viteCommand struct {
	Out string `default:"vite-plugin-forgego.js" placeholder:"FILE" help:"The file to write; its types are written beside it. Default: ${default}."`
}

// Help returns the text that the command's --help prints after the first line.
func (viteCommand) Help() string {
	return "In vite.config.js or vite.config.ts:\n\n" +
		"  import forgego from './vite-plugin-forgego.js';\n" +
		"  export default defineConfig({ base: './', plugins: [react(), forgego()] });\n\n" +
		"Then a module can import the functions of the Go program in the folder logic:\n\n" +
		"  import { addTask } from './logic?go';"
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// Run writes the plugin and its types.
func (v *viteCommand) Run(c console) error {
	if folder := filepath.Dir(v.Out); !isFolder(folder) {
		return fmt.Errorf("there is no folder %s for the plugin. Create it, or correct --out", folder)
	}
	types := strings.TrimSuffix(v.Out, filepath.Ext(v.Out)) + ".d.ts"
	if strings.HasSuffix(v.Out, ".mjs") {
		types = strings.TrimSuffix(v.Out, ".mjs") + ".d.mts"
	}
	if err := os.WriteFile(v.Out, jsglue.VitePlugin, 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(types, jsglue.VitePluginTypes, 0o644); err != nil {
		return err
	}
	c.say("wrote %s and %s", v.Out, types)
	return nil
}
