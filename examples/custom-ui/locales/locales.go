// Package locales holds the page's texts in the default language. The other files beside it are for users of other
// languages: manifest.yml names them all under translations, and the product serves them.
package locales

import _ "embed"

// English is en-US.json. It is a part of the program, so that the page has words before it has read anything, and where
// it cannot read.
//
//go:embed en-US.json
var English []byte
