package manifest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/forgego/forgego/internal/locale"
)

// Texts are the translations for one locale: its own file, then the files of its fallbacks. A nil Texts has no texts.
// Source: https://developer.atlassian.com/platform/forge/manifest-reference/translations/
type Texts struct {
	files []map[string]any
}

// Texts reads the files for a locale such as "de-DE" or "de", in order of fallback: the locale's own file, those that
// translations.fallback lists for it, and the default's. dir is the app's folder. A locale that Forge does not
// support uses the default's file.
func (t *Translations) Texts(dir, name string) (*Texts, error) {
	known, _ := locale.Ensure(name)
	var order []string
	for _, next := range append(append([]string{known}, t.Fallback[known]...), t.Default) {
		if _, ok := t.Files[next]; ok && !slices.Contains(order, next) {
			order = append(order, next)
		}
	}
	texts := &Texts{}
	for _, next := range order {
		file, err := t.read(dir, next)
		if err != nil {
			return nil, err
		}
		texts.files = append(texts.files, file)
	}
	return texts, nil
}

func (t *Translations) read(dir, locale string) (map[string]any, error) {
	data, err := t.Read(dir, locale)
	if err != nil {
		return nil, fmt.Errorf("the translations %s cannot be read: %w", t.Files[locale], cause(err))
	}
	var file map[string]any
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("the translations %s are not a JSON object: %s", t.Files[locale], jsonProblem(data, err))
	}
	return file, nil
}

// jsonProblem explains an error of package json about a text that must be an object.
func jsonProblem(data []byte, err error) string {
	if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return "the file has one JSON " + mismatch.Value
	}
	syntax, ok := errors.AsType[*json.SyntaxError](err)
	if !ok {
		return err.Error()
	}
	before := data[:min(int(syntax.Offset), len(data))]
	if len(before) > 0 && syntax.Error() != "unexpected end of JSON input" {
		before = before[:len(before)-1] // the last byte is the wrong one
	}
	line, column := bytes.Count(before, []byte("\n"))+1, utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])+1
	return fmt.Sprintf("%v (line %d, column %d)", syntax, line, column)
}

// Of returns the text of a key such as "page.title". It reports false if no file has one.
func (t *Texts) Of(key string) (string, bool) {
	if t == nil {
		return "", false
	}
	for _, file := range t.files {
		if text, _ := locale.Text(file, key); text != "" { // an empty text counts as missing
			return text, true
		}
	}
	return "", false
}

// Title returns a module's title, translated if it has a translation.
func (t *Texts) Title(m Module) string { return t.title(m.Title, m.TitleKey) }

// PageTitle returns a page's title, translated if it has a translation.
func (t *Texts) PageTitle(p Page) string { return t.title(p.Title, p.TitleKey) }

func (t *Texts) title(text, key string) string {
	if translated, ok := t.Of(key); ok && key != "" {
		return translated
	}
	return text
}

// checkTexts finds reasons why Forge would refuse to deploy: a file that is not JSON, and a key in the modules without a text in
// the default's file.
func (s *source) checkTexts(t *Translations, dir string) {
	for _, n := range s.root.get("translations", "resources").items() {
		_, err := t.read(dir, n.get("key").text())
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // another check reports a file that is missing
			s.fault(n.get("path"), "Write an object of keys and texts into it.", "%v", err)
		}
	}
	if texts, err := t.Texts(dir, t.Default); err == nil {
		s.checkModuleKeys(texts, t.Files[t.Default])
	}
}

func (s *source) checkModuleKeys(texts *Texts, file string) {
	seen := map[*yaml.Node]bool{}
	for _, group := range s.root.get("modules").entries() {
		if strings.HasPrefix(group.key, "connect-") || strings.HasPrefix(group.key, "core:") {
			continue // these are translated in another way
		}
		for _, module := range group.value.items() {
			s.checkKeysIn(module, texts, file, seen)
		}
	}
}

// checkKeysIn checks each value once, however many aliases refer to it.
func (s *source) checkKeysIn(n node, texts *Texts, file string, seen map[*yaml.Node]bool) {
	value := resolved(n.yaml)
	if seen[value] {
		return
	}
	seen[value] = true
	if key := n.get("i18n"); n.kind() == mapping && key.kind() == scalar {
		if _, ok := texts.Of(key.text()); !ok {
			s.fault(key, "Add it to "+file+", the file of the default locale: Forge does not deploy an app without it.", "there is no text for %q", key.text())
		}
		return
	}
	for _, e := range n.entries() {
		s.checkKeysIn(e.value, texts, file, seen)
	}
	for _, item := range n.items() {
		s.checkKeysIn(item, texts, file, seen)
	}
}
