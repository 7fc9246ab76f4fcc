"""What every request meets and every process shares: checks, limits, measures, the disk, the replica, the release."""
