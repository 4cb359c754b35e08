package hosttest

// seen describes a request as the remote got it.
type seen struct {
	Method string `json:"method"`
	URI    string `json:"uri"`
	// Type is the content type, without a form's boundary.
	Type string `json:"type"`
	// Authorization is "a token" for a bearer token of three parts, or else the header's value.
	Authorization string `json:"authorization"`
	Sent          string `json:"sent"`
	Cookie        string `json:"cookie"`
	Body          string `json:"body"`
	Parts         []part `json:"parts,omitempty"`
}

// part is a part of a form.
type part struct {
	Disposition string `json:"disposition"`
	Type        string `json:"type"`
	Content     string `json:"content"`
}
