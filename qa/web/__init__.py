"""Page layout, components, forms, error pages and security headers shared by every capability."""
