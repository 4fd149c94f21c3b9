using KerasCompat.Testing;

namespace KerasCompat.Shipping.Tests.Documentation;

/// <summary>The table of Keras's calls and ours: every entry of its last column is a statement or an expression.</summary>
internal static class MigrationTable
{
    public const string Document = "docs/migration.md";

    /// <summary>The code of each row, with its line's number.</summary>
    public static IEnumerable<(int Line, string Code)> Calls() => File.ReadLines(Path.Combine(Fixtures.Repository, Document)).Index()
        .Where(l => l.Item.StartsWith("| `", StringComparison.Ordinal))
        .Select(l => (l.Index + 1, l.Item.Split(" | ")[^1].TrimEnd(' ', '|').Trim('`')));
}
