package platform

// ReturnsProductHeader reports whether a page gets the header field of a product's response. The name is in canonical form.
func ReturnsProductHeader(name string) bool {
	switch name {
	case "Connection", "Content-Length", "Keep-Alive", "Set-Cookie", "Trailer", "Transfer-Encoding", "Upgrade", "Www-Authenticate":
		return false
	}
	return true
}
