"""What other rooms, pages and programs may ask of the stock."""
