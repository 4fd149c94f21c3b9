namespace KerasCompat.Shipping.Tests;

/// <summary>A theory that needs a program of the machine, by any of its names; skipped where it has none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramTheoryAttribute : TheoryAttribute
{
    public ProgramTheoryAttribute(params string[] names) => Skip = Find(names) is null ? $"none of {string.Join(", ", names)} is installed" : null;

    /// <summary>Where the first of the programs is that is there; null where none is.</summary>
    public static string? Find(params IEnumerable<string> names) => names
        .SelectMany(n => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Select(f => Path.Combine(f, n)))
        .FirstOrDefault(File.Exists);
}
