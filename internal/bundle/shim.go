package bundle

import (
	"errors"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/forgego/forgego/jsglue"
)

// MinifiedShim gives forgego.js as an app ships it: the same program without comments and long names. Its first line
// says what it is and where the readable text lies. All builds get this form, so that the shim that was tried on the
// local host is the one that is deployed.
func MinifiedShim() ([]byte, error) {
	result := api.Transform(string(jsglue.Shim()), api.TransformOptions{
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Target:            api.ES2022, // what the shim is written in; minifying must not make it newer
		LegalComments:     api.LegalCommentsInline,
		Banner:            "// forgego.js of github.com/forgego/forgego, Apache-2.0; to read it: jsglue/forgego.js",
	})
	var problems []error
	for _, m := range result.Errors {
		problems = append(problems, errors.New("minifying forgego.js: "+m.Text))
	}
	return result.Code, errors.Join(problems...)
}
