"""What a page says of itself elsewhere: its title and sentences, and the picture for a link."""
