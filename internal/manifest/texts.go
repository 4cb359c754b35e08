package manifest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/forgego/forgego/internal/locale"
)

// Texts are the translations for one locale: its own file, and behind it those that it falls back on. A nil Texts has none.
// Source: manifest-reference/translations.
type Texts struct {
	files []map[string]any
}

// Texts reads the files for a locale such as "de-DE" or "de", in the order of the fall-back: the locale's own, those that
// translations.fallback has for it, the default's. The app's folder is dir. A locale that Forge does not support has the
// default's.
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
		return nil, fmt.Errorf("the translations %s are not a JSON object: %w", t.Files[locale], err)
	}
	return file, nil
}

// Of gives the text of a key such as "page.title"; false if no file has one.
func (t *Texts) Of(key string) (string, bool) {
	if t == nil {
		return "", false
	}
	for _, file := range t.files {
		if text := textIn(file, key); text != "" {
			return text, true
		}
	}
	return "", false
}

// Title gives a module's title: its translation where it has one.
func (t *Texts) Title(m Module) string {
	if text, ok := t.Of(m.TitleKey); ok && m.TitleKey != "" {
		return text
	}
	return m.Title
}

// textIn finds a key as it is written, and else by its parts, one object in the other. An empty text is none, as in
// @forge/i18n 1.0.0.
func textIn(file map[string]any, key string) string {
	if text, _ := file[key].(string); text != "" {
		return text
	}
	var at any = file
	for part := range strings.SplitSeq(key, ".") {
		within, _ := at.(map[string]any)
		at = within[part]
	}
	text, _ := at.(string)
	return text
}

// checkTexts looks for what Forge does not deploy: a key in the modules for which the default's file has no text.
func (s *source) checkTexts(t *Translations, dir string) {
	texts, err := t.Texts(dir, t.Default)
	if errors.Is(err, fs.ErrNotExist) {
		return // which is a fault of its own
	}
	at := s.root.get("translations")
	if err != nil {
		s.fault(at, "Write an object of keys and texts into it.", "%v", err)
		return
	}
	s.checkModuleKeys(texts, t.Files[t.Default])
}

func (s *source) checkModuleKeys(texts *Texts, file string) {
	seen := map[*yaml.Node]bool{}
	for _, group := range s.root.get("modules").entries() {
		if strings.HasPrefix(group.key, "connect-") || strings.HasPrefix(group.key, "core:") {
			continue // those are translated by other means
		}
		for _, module := range group.value.items() {
			s.checkKeysIn(module, texts, file, seen)
		}
	}
}

// checkKeysIn looks at each value once, whatever the aliases that lead to it.
func (s *source) checkKeysIn(n node, texts *Texts, file string, seen map[*yaml.Node]bool) {
	value := resolved(n.yaml)
	if seen[value] {
		return
	}
	seen[value] = true
	if key := n.get("i18n"); n.kind() == mapping && key.kind() == scalar {
		if _, ok := texts.Of(key.text()); !ok {
			s.fault(key, "Add it to "+file+", the file of the default locale: Forge deploys no app without it.", "there is no text for %q", key.text())
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
