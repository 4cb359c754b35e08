package manifest

import (
	"errors"
	"io/fs"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

const translated = `translations:
  resources:
    - key: en-US
      path: locales/en.json
    - key: zh-CN
      path: locales/zh.json
  fallback:
    default: en-US
    ja-JP:
      - zh-CN
`

func TestLoadTranslations(t *testing.T) {
	dir := app(t, "manifest.yml", translated, "locales/en.json", `{"a":"b"}`, "locales/zh.json", "{}")
	got, err := LoadTranslations(dir)
	want := &Translations{
		Locales:  []string{"en-US", "zh-CN"},
		Files:    map[string]string{"en-US": "locales/en.json", "zh-CN": "locales/zh.json"},
		Default:  "en-US",
		Fallback: map[string][]string{"ja-JP": {"zh-CN"}},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("got %+v, %v, want %+v", got, err, want)
	}
	if text, err := got.Read(dir, "en-US"); string(text) != `{"a":"b"}` || err != nil {
		t.Errorf("got %s, %v", text, err)
	}
	if text, err := got.Read(dir, "ja-JP"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a locale without a file: got %s, %v", text, err)
	}
}

func TestLoadTranslationsNone(t *testing.T) {
	for name, dir := range map[string]string{"no manifest": app(t), "no translations": app(t, "manifest.yml", tasks)} {
		if got, err := LoadTranslations(dir); got != nil || err != nil {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
}

func TestLoadTranslationsErrors(t *testing.T) {
	for _, c := range []struct{ name, old, new, place, msg, fix string }{
		{"a locale that Forge does not support", "key: zh-CN", "key: zh-HK", "5:", `does not support the locale "zh-HK"`, "en-US"},
		{"a language without a region", "key: zh-CN", "key: zh", "5:", `does not support the locale "zh"`, "en-US"},
		{"no path", "      path: locales/zh.json\n", "", "5:", `the translations for "zh-CN" have no file`, "locales/zh-CN.json"},
		{"a missing file", "zh.json", "xx.json", "6:", `there is no file "locales/xx.json"`, "Create it"},
		{"a file outside the folder", "locales/zh.json", "/etc/hosts", "6:", "is not a file inside the app's folder", "locales/en-US.json"},
		{"no default", "    default: en-US\n", "", "7:", "have no default", "default:"},
		{"a default without a file", "default: en-US", "default: de-DE", "8:", `no translations for the locale "de-DE"`, "translations.resources"},
		{"a fall-back without a file", "- zh-CN", "- de-DE", "10:", `no translations for the locale "de-DE"`, "translations.resources"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if strings.Count(translated, c.old) != 1 {
				t.Fatalf("%q occurs %d times in the file, want once", c.old, strings.Count(translated, c.old))
			}
			dir := app(t, "manifest.yml", strings.Replace(translated, c.old, c.new, 1), "locales/en.json", "{}", "locales/zh.json", "{}")
			_, err := LoadTranslations(dir)
			e := findFault(t, err, c.msg)
			if !strings.HasPrefix(e.Error(), filepath.Join(dir, "manifest.yml")+":"+c.place) || !strings.Contains(e.Fix, c.fix) {
				t.Errorf("want an error at %q with the advice %q, got:\n%v", c.place, c.fix, e)
			}
		})
	}
}
