package i18n_test

import (
	"context"
	"errors"
	"io"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/i18n"
)

// page is a page with these files beside it, and with a user of this locale.
type page struct {
	files  map[string]string
	locale string

	mu      sync.Mutex
	fetched []string
	asked   int
}

func (p *page) Call(_ context.Context, call bridge.Call) (bridge.Answer, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	if call.Command != "getContext" || call.Payload != nil {
		return bridge.Answer{}, errors.New("the call is " + call.Command)
	}
	return bridge.Answer{Payload: []byte(`{"locale":"` + p.locale + `"}`)}, nil
}

func (p *page) Fetch(_ context.Context, r bridge.FetchRequest) (bridge.FetchResponse, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	name, beside := strings.CutPrefix(r.URL, "./__LOCALES__/")
	if !beside || r.Method != "GET" || r.Origin != "" {
		return bridge.FetchResponse{}, errors.New("the request is for " + r.URL)
	}
	p.fetched = append(p.fetched, name)
	text, ok := p.files[name]
	switch {
	case !ok:
		return bridge.FetchResponse{Status: 404, Body: io.NopCloser(strings.NewReader("not found"))}, nil
	case text == "offline":
		return bridge.FetchResponse{}, bridge.ErrNetwork
	}
	return bridge.FetchResponse{Status: 200, Body: io.NopCloser(strings.NewReader(text))}, nil
}

func (p *page) context(ctx context.Context) context.Context {
	return bridge.NewContext(ctx, bridge.New(p, bridge.WithFetcher(p)))
}

// takeFetched returns the files that were fetched since the last call, sorted.
func (p *page) takeFetched() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	fetched := p.fetched
	p.fetched = nil
	slices.Sort(fetched)
	return fetched
}

// app returns the app's page of https://developer.atlassian.com/platform/forge/manifest-reference/translations/
func app() *page {
	return &page{locale: "de_DE", files: map[string]string{
		"i18n-info.json": `{"translations":{},"config":{
			"locales": ["en-US", "zh-CN", "zh-TW", "de-DE"],
			"fallback": {"default": "en-US", "zh-TW": ["zh-CN"], "ja-JP": ["de-DE", "zh-CN"], "fr-FR": ["sv-SE"]}
		}}`,
		"en-US.json": `{"appName":"My app","header":"My header","page":{"title":"My page title","size":5},"custom.content":"dotted"}`,
		"zh-CN.json": `{"page.title":"flat","page":{"title":"not used"},"header":"zh-CN"}`,
		"zh-TW.json": `{"page":{"title":"zh-TW"}}`,
		"de-DE.json": `{"header":"Kopf","appName":""}`,
	}}
}

func TestGetTranslations(t *testing.T) {
	exact := []i18n.Option{i18n.WithoutFallback()}
	for _, c := range []struct {
		name, locale string
		options      []i18n.Option
		want         string
		header       any
		fetched      []string
	}{
		{"the locale itself", "zh-CN", nil, "zh-CN", "zh-CN", []string{"i18n-info.json", "zh-CN.json"}},
		{"the user's", "", nil, "de-DE", "Kopf", []string{"de-DE.json", "i18n-info.json"}},
		{"a fall-back", "ja-JP", nil, "de-DE", "Kopf", []string{"de-DE.json", "i18n-info.json"}},
		{"a fall-back that has none", "fr-FR", nil, "en-US", "My header", []string{"en-US.json", "i18n-info.json"}},
		{"the default", "sv-SE", nil, "en-US", "My header", []string{"en-US.json", "i18n-info.json"}},
		{"exactly", "zh-CN", exact, "zh-CN", "zh-CN", []string{"i18n-info.json", "zh-CN.json"}},
		{"exactly, and there is none", "ja-JP", exact, "ja-JP", nil, []string{"i18n-info.json"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := app()
			got, err := i18n.GetTranslations(p.context(t.Context()), c.locale, c.options...)
			if err != nil || got.Locale != c.want || got.Content["header"] != c.header {
				t.Errorf("got %+v, %v", got, err)
			}
			if fetched := p.takeFetched(); !reflect.DeepEqual(fetched, c.fetched) {
				t.Errorf("fetched %q, want %q", fetched, c.fetched)
			}
			if asked := p.asked; asked != 0 && c.locale != "" {
				t.Errorf("asked for the context %d times", asked)
			}
		})
	}
}

func TestGetTranslationsWithoutMatch(t *testing.T) {
	p := app()
	p.files["i18n-info.json"] = `{"config":{"locales":["de-DE"],"fallback":{}}}`
	p.locale = "xx"
	got, err := i18n.GetTranslations(p.context(t.Context()), "")
	if err != nil || got.Locale != "xx" || got.Content != nil {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestTranslationsAreKept(t *testing.T) {
	p := app()
	ctx := p.context(t.Context())
	for range 2 {
		if _, err := i18n.GetTranslations(ctx, "zh-CN"); err != nil {
			t.Fatal(err)
		}
	}
	if fetched := p.takeFetched(); len(fetched) != 2 {
		t.Errorf("fetched %q, want each file once", fetched)
	}
	if _, err := i18n.NewTranslator(ctx, "zh-CN"); err != nil {
		t.Fatal(err)
	}
	if fetched := p.takeFetched(); !reflect.DeepEqual(fetched, []string{"en-US.json"}) {
		t.Errorf("the translator fetched %q, want only the missing file", fetched)
	}
	i18n.ResetCache(ctx)
	if _, err := i18n.GetTranslations(ctx, "zh-CN"); err != nil {
		t.Fatal(err)
	}
	if fetched := p.takeFetched(); len(fetched) != 2 {
		t.Errorf("after ResetCache fetched %q", fetched)
	}
	if _, err := i18n.GetTranslations(p.context(t.Context()), "zh-CN"); err != nil || len(p.takeFetched()) != 2 {
		t.Errorf("another client shares the cache; %v", err)
	}
}

func TestUnavailable(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		also       error
	}{
		"no index":         {"i18n-info.json", "", nil},
		"no config":        {"i18n-info.json", "{}", nil},
		"index not JSON":   {"i18n-info.json", "<html>", nil},
		"no file":          {"zh-TW.json", "", nil},
		"file not JSON":    {"zh-TW.json", "[", nil},
		"file an array":    {"zh-TW.json", "[]", nil},
		"page is offline":  {"zh-TW.json", "offline", bridge.ErrNetwork},
		"index is offline": {"i18n-info.json", "offline", bridge.ErrNetwork},
	} {
		t.Run(name, func(t *testing.T) {
			p := app()
			p.files[c.file] = c.text
			if c.text == "" {
				delete(p.files, c.file)
			}
			check := func(err error) {
				t.Helper()
				if !errors.Is(err, i18n.ErrUnavailable) || !strings.Contains(err.Error(), c.file) || c.also != nil && !errors.Is(err, c.also) {
					t.Errorf("got %v, want ErrUnavailable that names %s", err, c.file)
				}
			}
			ctx := p.context(t.Context())
			_, err := i18n.GetTranslations(ctx, "zh-TW")
			check(err)
			_, err = i18n.NewTranslator(ctx, "zh-TW")
			check(err)

			// Failures are not cached.
			p.files = app().files
			if _, err := i18n.GetTranslations(ctx, "zh-TW"); err != nil {
				t.Errorf("later: got %v", err)
			}
		})
	}
}

// A Fetcher that panics or ends its goroutine must neither end the program nor count as a file without texts.
func TestFetcherPanicsOrExits(t *testing.T) {
	for name, fail := range map[string]func(){"panics": func() { panic("no cable") }, "calls Goexit": runtime.Goexit} {
		t.Run(name, func(t *testing.T) {
			p := app()
			client := bridge.New(p, bridge.WithFetcher(fetcherFunc(func(ctx context.Context, r bridge.FetchRequest) (bridge.FetchResponse, error) {
				if strings.HasSuffix(r.URL, "zh-CN.json") {
					fail()
				}
				return p.Fetch(ctx, r)
			})))
			_, err := i18n.NewTranslator(bridge.NewContext(t.Context(), client), "zh-TW")
			if !errors.Is(err, i18n.ErrUnavailable) || !strings.Contains(err.Error(), "zh-CN.json") {
				t.Errorf("got %v, want ErrUnavailable that names zh-CN.json", err)
			}
		})
	}
}

type fetcherFunc func(context.Context, bridge.FetchRequest) (bridge.FetchResponse, error)

func (f fetcherFunc) Fetch(ctx context.Context, r bridge.FetchRequest) (bridge.FetchResponse, error) {
	return f(ctx, r)
}

func TestGetTranslationsCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(app().context(t.Context()))
	cancel()
	if _, err := i18n.GetTranslations(ctx, "zh-TW"); !errors.Is(err, context.Canceled) || errors.Is(err, i18n.ErrUnavailable) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

// The table of https://developer.atlassian.com/platform/forge/manifest-reference/translations/, and the official
// client's results for odd files.
func TestTranslate(t *testing.T) {
	for _, c := range []struct{ locale, key, want string }{
		{"", "header", "Kopf"},
		{"de-DE", "page.title", "My page title"},
		{"de-DE", "appName", ""}, // an empty text is a text
		{"zh-TW", "page.title", "zh-TW"},
		{"zh-TW", "header", "zh-CN"},
		{"zh-CN", "page.title", "flat"},
		{"ja-JP", "header", "Kopf"},
		{"ja-JP", "page.title", "flat"},
		{"en-US", "custom.content", "dotted"},
		{"en-US", "page", "page"},
		{"en-US", "page.size", "page.size"},
		{"en-US", "page.title.more", "page.title.more"},
		{"en-US", "nothing", "nothing"},
		{"en-US", "nothing.at.all", "nothing.at.all"},
		{"en-US", "", ""},
	} {
		t.Run(c.locale+" "+c.key, func(t *testing.T) {
			translator, err := i18n.NewTranslator(app().context(t.Context()), c.locale)
			if err != nil {
				t.Fatal(err)
			}
			if got := translator.Translate(c.key); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestTranslateOr(t *testing.T) {
	translator, err := i18n.NewTranslator(app().context(t.Context()), "en-US")
	if err != nil {
		t.Fatal(err)
	}
	if got := translator.TranslateOr("header", "x"); got != "My header" {
		t.Errorf("got %q", got)
	}
	if got := translator.TranslateOr("nothing", "x"); got != "x" {
		t.Errorf("got %q", got)
	}
}

func TestLookup(t *testing.T) {
	content := i18n.Content{"a": map[string]any{"b": "nested"}, "list": []any{"first"}}
	for _, c := range []struct {
		key, want string
		ok        bool
	}{
		{"a.b", "nested", true},
		{"list.0", "first", true},
		{"a", "", false},
	} {
		if got, ok := content.Lookup(c.key); got != c.want || ok != c.ok {
			t.Errorf("%s: got %q, %v", c.key, got, ok)
		}
	}
}
