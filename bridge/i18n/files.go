package i18n

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"sync"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/bounded"
	"github.com/forgego/forgego/bridge/internal/command"
	"github.com/forgego/forgego/bridge/internal/state"
	"github.com/forgego/forgego/internal/nesting"
	"github.com/forgego/forgego/internal/utf8text"
)

// files are the translation files beside the page that have been read.
type files struct {
	mu    sync.Mutex
	index *index
	kept  map[string]Content
}

// filesOf returns the files of the client in ctx.
func filesOf(ctx context.Context) *files { return state.Keep[files](ctx) }

func (f *files) reset() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.index, f.kept = nil, nil
}

// index lists the locales, from translations in manifest.yml.
type index struct {
	Locales  []string                   `json:"locales"`
	Fallback map[string]json.RawMessage `json:"fallback"`
}

// exact returns the locale if there are translations for it.
func (x *index) exact(locale string) []string {
	if !slices.Contains(x.Locales, locale) {
		return nil
	}
	return []string{locale}
}

// order returns the locales to search for a translation, in order.
func (x *index) order(locale string) []string {
	candidates := []string{locale}
	var others []string
	if nesting.UnmarshalShallow(x.Fallback[locale], &others) == nil {
		candidates = append(candidates, others...)
	}
	var last string
	if nesting.UnmarshalShallow(x.Fallback["default"], &last) == nil && !slices.Contains(candidates, last) {
		candidates = append(candidates, last)
	}
	return slices.DeleteFunc(candidates, func(c string) bool { return !slices.Contains(x.Locales, c) })
}

// folder is where the platform puts the files, beside the page.
const folder = "./__LOCALES__/"

func (f *files) readIndex(ctx context.Context, op string) (*index, error) {
	f.mu.Lock()
	kept := f.index
	f.mu.Unlock()
	if kept != nil {
		return kept, nil
	}
	var info struct {
		Config *index `json:"config"`
	}
	err := get(ctx, op, "i18n-info.json", &info)
	if err == nil && info.Config == nil {
		err = &bridge.Error{Op: op, Err: unavailable("i18n-info.json", errors.New("it has no config"))}
	}
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.index = info.Config
	return info.Config, nil
}

// read returns the translations of a locale, or nil if the file has none.
func (f *files) read(ctx context.Context, op, locale string) (Content, error) {
	f.mu.Lock()
	kept := f.kept[locale]
	f.mu.Unlock()
	if kept != nil {
		return kept, nil
	}
	var content Content
	if err := get(ctx, op, locale+".json", &content); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.kept == nil {
		f.kept = map[string]Content{}
	}
	f.kept[locale] = content
	return content, nil
}

// maxFile is the largest file that is read, in bytes.
const maxFile = 16 << 20

// get reads a JSON file with the page's own fetch.
func get(ctx context.Context, op, name string, into any) error {
	response, err := command.Fetch(ctx, op, bridge.FetchRequest{Method: "GET", URL: folder + name})
	if err != nil {
		if ctx.Err() != nil {
			return err
		}
		if failed, ok := errors.AsType[*bridge.Error](err); ok { // do not wrap twice
			err = failed.Err
		}
		return &bridge.Error{Op: op, Err: unavailable(name, err)}
	}
	defer response.Body.Close()
	fail := func(err error) error {
		return &bridge.Error{Op: op, Status: response.Status, Err: unavailable(name, err)}
	}
	if response.Status < 200 || response.Status > 299 {
		return fail(errors.New("the answer was " + strconv.Itoa(response.Status) + "; manifest.yml must have translations, and a test bridgetest's Host.SetTranslations"))
	}
	data, err := bounded.ReadAll(response.Body, maxFile)
	if err != nil {
		return fail(err)
	}
	if err := nesting.Unmarshal(utf8text.TrimMark(data), into); err != nil {
		return fail(errors.New("it is not the JSON of translations"))
	}
	return nil
}
