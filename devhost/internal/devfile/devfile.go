// Package devfile reads forgego.yml and the files that it names. It reads them for each request, so that a change has an
// effect at once.
package devfile

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/internal/appfile"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/textfile"
)

// MaxFixture is the largest size of a file that forgego.yml names, in bytes. It is far above what products return.
const MaxFixture = 32 << 20

// Load reads forgego.yml in the app's folder.
func Load(dir string) (*manifest.Dev, error) {
	dev, err := manifest.LoadDev(dir)
	if err != nil {
		return nil, &apierror.Error{Code: "FORGEGO_YML", Message: err.Error()}
	}
	return dev, nil
}

// Fixture reads a file in the app's folder.
func Fixture(dir, name string) ([]byte, error) {
	data, err := appfile.ReadIn(dir, name, MaxFixture)
	if err != nil {
		return nil, &apierror.Error{Code: "FIXTURE_MISSING", Message: "The file " + name + ", which forgego.yml names, cannot be read.", Detail: err.Error()}
	}
	return data, nil
}

// JSONFixture reads a file in the app's folder that must hold a JSON value.
func JSONFixture(dir, name string) (json.RawMessage, error) {
	data, err := Fixture(dir, name)
	if err != nil {
		return nil, err
	}
	value, err := JSON(data)
	if err == nil && value == nil {
		err = errNotJSON
	}
	if err != nil {
		return nil, &apierror.Error{Code: "FIXTURE_INVALID", Message: "The file " + name + ", which forgego.yml names, " + err.Error() + "."}
	}
	return value, nil
}

var errNotJSON = errors.New("is not JSON")

// JSON returns the JSON value in a file or in a program's output. A byte order mark may precede it. If there is only white
// space, JSON returns nil.
func JSON(data []byte) (json.RawMessage, error) {
	text, err := textfile.Decode(data)
	if err != nil {
		return nil, err
	}
	if text = bytes.TrimSpace(text); len(text) == 0 {
		return nil, nil
	}
	if !json.Valid(text) {
		return nil, errNotJSON
	}
	return text, nil
}

// Key returns text as a key of a YAML mapping. It adds quotes if YAML would read the text as something else.
func Key(text string) string {
	value, err := manifest.ParseYAML("", []byte(text+": x"))
	members, _ := value.(map[string]any)
	if _, ok := members[text].(string); ok && err == nil && text != "" {
		return text
	}
	quoted, err := json.Marshal(text)
	if err != nil {
		return "FUNCTION"
	}
	return string(quoted)
}
