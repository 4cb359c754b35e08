package newapp

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"go/format"
	"html"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"go.yaml.in/yaml/v4"

	"github.com/forgego/forgego/jsglue"
)

// all, withbackend, withoutbackend and react have the files of an app. Those that end with ".tmpl" are templates.
// A file that becomes empty is not written. parts.tmpl has what several of them include.
//
//go:embed all:template
var templates embed.FS

// ErrNotEmpty means that the folder of a new app has files.
var ErrNotEmpty = errors.New("the folder is not empty; choose a new one, or an empty one")

// Write writes the app's files into dir, and creates dir if necessary. It never overwrites a file. If it fails, it removes
// what it has written.
func (a App) Write(dir string) (err error) {
	if err := a.Check(); err != nil {
		return err
	}
	files, err := a.files()
	if err != nil {
		return err
	}
	if err := CheckFolder(dir); err != nil {
		return err
	}
	var made []string
	defer func() {
		if err == nil {
			return
		}
		for _, name := range slices.Backward(made) {
			_ = os.Remove(name)
		}
	}()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		file := filepath.Join(dir, filepath.FromSlash(name))
		folders, err := makeFolder(filepath.Dir(file))
		made = append(made, folders...)
		if err != nil {
			return err
		}
		if beforeFile != nil {
			beforeFile(file)
		}
		created, err := create(file, files[name])
		if created {
			made = append(made, file)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// beforeFile is called before a file is created; tests set it.
var beforeFile func(name string)

// CheckFolder returns an error if an app cannot be written into a folder: ErrNotEmpty, or that it is a file. A repository
// without files counts as empty.
func CheckFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	if info, statErr := os.Stat(dir); statErr == nil && !info.IsDir() {
		return fmt.Errorf("%s is a file; choose the name of a new folder", dir)
	}
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	for _, e := range entries {
		if e.Name() != ".git" {
			return fmt.Errorf("%s has the file or folder %s: %w", dir, e.Name(), ErrNotEmpty)
		}
	}
	return nil
}

// makeFolder creates a folder and its parents, and returns the folders that did not exist.
func makeFolder(dir string) (made []string, err error) {
	var missing []string
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(at); !errors.Is(err, fs.ErrNotExist) || at == filepath.Dir(at) {
			break
		}
		missing = append(missing, at)
	}
	for _, name := range slices.Backward(missing) {
		if err := os.Mkdir(name, 0o777); err != nil {
			return made, err
		}
		made = append(made, name)
	}
	return made, nil
}

// create writes a file that does not exist yet.
func create(file string, data []byte) (created bool, err error) {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return false, err
	}
	_, err = f.Write(data)
	return true, errors.Join(err, f.Close())
}

// files returns the contents of the app's files by their names.
func (a App) files() (map[string][]byte, error) {
	parts, err := template.New("parts").Funcs(template.FuncMap{"yaml": yamlText, "html": html.EscapeString}).
		ParseFS(templates, "template/parts.tmpl")
	if err != nil {
		return nil, err
	}
	files, data := map[string][]byte{}, a.values()
	folders := []string{"all", cmp.Or(map[bool]string{true: "withbackend"}[a.Backend], "withoutbackend")}
	if a.Template == React {
		folders = append(folders, "react")
		files["vite-plugin-forgego.js"] = jsglue.VitePlugin
	}
	for _, folder := range folders {
		root, err := fs.Sub(templates, path.Join("template", folder))
		if err != nil {
			return nil, err
		}
		err = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := fs.ReadFile(root, name)
			if err != nil {
				return err
			}
			name, isTemplate := strings.CutSuffix(name, ".tmpl")
			if isTemplate {
				if text, err = render(parts, name, string(text), data); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
			}
			if name == "gitignore" {
				name = ".gitignore"
			}
			if a.Template == React && folder != "react" {
				name = inReact(name)
			}
			if name != "" && len(text) > 0 {
				files[name] = text
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

// inReact returns where a file of the other templates is in a React app, or "" if React takes its place.
func inReact(name string) string {
	switch folder, file := path.Split(name); {
	case folder == "frontend/", file == "index.html":
		return ""
	case file == "controls.css":
		return "src/" + file
	case file == "icon.svg":
		return "public/" + file
	}
	return name
}

// render returns what a template writes, formatted if it is Go.
func render(parts *template.Template, name, text string, data any) ([]byte, error) {
	t, err := template.Must(parts.Clone()).New(name).Parse(text)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return nil, err
	}
	out := bytes.TrimSpace(b.Bytes())
	if len(out) == 0 {
		return nil, nil
	}
	out = append(out, '\n')
	if path.Ext(name) == ".go" {
		return format.Source(out)
	}
	return out, nil
}

// yamlText returns a text as a YAML scalar.
func yamlText(text string) (string, error) {
	out, err := yaml.Marshal(text)
	return strings.TrimSpace(string(out)), err
}
