"""What could identify a child: found in typed text, replaced or kept with a reason; names an area guards."""
