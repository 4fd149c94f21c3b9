using System.Text;
using System.Text.RegularExpressions;

namespace KerasCompat.Shipping.Tests.Documentation;

/// <summary>The C# of a document as one class: its blocks one after another, each knowing what those before it declared, as a reader does.</summary>
internal sealed partial class DocumentProgram
{
    private readonly SortedSet<string> _usings = new(StringComparer.Ordinal);
    private readonly StringBuilder _types = new(), _body = new();

    public DocumentProgram(string document, IEnumerable<CodeBlock> blocks)
    {
        Name = Regex.Replace(document, @"\W", "_");
        foreach (CodeBlock block in blocks)
        {
            Take(block);
        }
    }

    /// <summary>The class's name.</summary>
    public string Name { get; }

    /// <summary>Adds a statement of a line.</summary>
    public void Add(string document, int line, string statement) => _body.Append(Place(document, line)).AppendLine(statement);

    /// <summary>The C# file. Errors in it name the document and its line.</summary>
    public string Text => $$"""
        #nullable enable
        {{string.Join('\n', _usings)}}
        namespace Documents.{{Name}};
        {{_types}}
        internal static class Program
        {
            public static async Task Run()
            {
        {{_body}}
                await Task.CompletedTask;
            }
        }
        """;

    /// <summary>Type declarations end at a closing brace in the first column; all else are statements.</summary>
    private void Take(CodeBlock block)
    {
        StringBuilder? part = null;
        for (int i = 0; i < block.Code.Count; i++)
        {
            string line = block.Code[i];
            if (UsingDirective().IsMatch(line))
            {
                _usings.Add(line);
                continue;
            }

            if (part != _types && TypeDeclaration().IsMatch(line))
            {
                part = _types;
                part.Append(Place(block.Document, block.Line + i));
            }
            else if (part is null)
            {
                part = _body;
                part.Append(Place(block.Document, block.Line + i));
            }

            part.AppendLine(line);
            if (part == _types && line == "}")
            {
                part = null;
            }
        }
    }

    private static string Place(string document, int line) => $"#line {line} \"{document}\"\n";

    [GeneratedRegex(@"^using [\w.]+;")]
    private static partial Regex UsingDirective();

    [GeneratedRegex(@"^(public |internal |sealed |static )*(class|record|struct|enum|interface) ")]
    private static partial Regex TypeDeclaration();
}
