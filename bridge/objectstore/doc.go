// Package objectstore uploads objects, such as files, to the Forge Object Store and downloads them. The page itself
// transfers the bytes. Each call names a function of the app's resolver, which decides what is allowed and returns
// the addresses.
//
//	results, err := objectstore.Upload(ctx, "uploadURLs", objectstore.Object{Data: png, Type: "image/png"})
//	if err != nil {
//		return err
//	}
//	for _, result := range results {
//		if result.Err != nil {
//			return result.Err
//		}
//		keys = append(keys, result.Key)
//	}
//
// Source: https://developer.atlassian.com/platform/forge/storage-reference/object-store/
package objectstore
