"""The panel: agencies' grades side by side, and the grade agreed."""
