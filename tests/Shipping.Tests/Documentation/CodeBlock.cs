namespace KerasCompat.Shipping.Tests.Documentation;

/// <summary>A fenced block of a document.</summary>
/// <param name="Document">The file, relative to the repository.</param>
/// <param name="Line">The number of its first line of code, from 1.</param>
/// <param name="Language">What the fence says.</param>
/// <param name="Code">The lines.</param>
internal sealed record CodeBlock(string Document, int Line, string Language, IReadOnlyList<string> Code)
{
    /// <summary>The blocks of a document in their order.</summary>
    public static IEnumerable<CodeBlock> Of(string repository, string document)
    {
        string[] lines = File.ReadAllLines(Path.Combine(repository, document));
        for (int i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                continue;
            }

            int end = Array.FindIndex(lines, i + 1, l => l.StartsWith("```", StringComparison.Ordinal));
            yield return new CodeBlock(document, i + 2, lines[i][3..].Trim(), lines[(i + 1)..end]);
            i = end;
        }
    }
}
