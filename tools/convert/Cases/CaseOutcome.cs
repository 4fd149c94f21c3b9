namespace KerasCompat.Convert.Cases;

/// <summary>What became of a case.</summary>
/// <param name="Case">The case's name.</param>
/// <param name="Passes">Whether it is as expected.</param>
/// <param name="Text">The differences, or the exception's type and first line.</param>
/// <param name="Exception">The exception's type, where there was one.</param>
internal sealed record CaseOutcome(string Case, bool Passes, string Text, string? Exception = null);
