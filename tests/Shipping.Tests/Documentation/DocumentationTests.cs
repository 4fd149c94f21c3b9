using System.Text.RegularExpressions;
using KerasCompat.Testing;

namespace KerasCompat.Shipping.Tests.Documentation;

/// <summary>What the documents tell a reader to write and type: compiled, and run on the files they speak of.</summary>
public sealed partial class DocumentationTests(DocumentationTests.Reader reader) : IClassFixture<DocumentationTests.Reader>
{
    /// <summary>Commands that are shown and not run here, with the reason.</summary>
    private static readonly (string Beginning, string Reason)[] NotRun =
    [
        ("python ", "needs Keras; tests/fixtures holds what the script wrote"),
        ("pip ", "needs Keras"),
        ("dotnet test", "this is such a run"),
        ("KERASCOMPAT_WRITE_API=1 dotnet test", "writes into the sources"),
        ("dotnet pack", "PackageTests packs"),
        ("dotnet nuget add source", "PackageTests has a feed of its own; this one would be the user's"),
        ("dotnet add package", "PackageTests adds the package"),
        ("dotnet tool install", "PackageTests installs the tool"),
        ("dotnet publish", "ahead-of-time compilation takes minutes"),
        ("dotnet run --project samples", "SampleTests runs the samples"),
        ("dotnet run -c Release --project benchmarks", "measures for minutes"),
        ("curl ", "SampleTests asks the server"),
        ("source ", "CompletionTests tries the script"),
    ];

    public static TheoryData<string> WithCode => [.. Documents().Where(d => Blocks(d, "csharp").Any() || d == MigrationTable.Document)];

    public static TheoryData<string> WithCommands => [.. Documents().Where(d => Blocks(d, "sh").Any())];

    [Theory]
    [MemberData(nameof(WithCode))]
    public void Code_compiles_and_runs(string document)
    {
        (int exit, string output) = Processes.Run(reader.Folder, Processes.DotnetPath, [reader.Program, new DocumentProgram(document, []).Name]);
        Assert.True(exit == 0, $"the code of {document} ended with {exit}: {output}");
        foreach (string comment in Blocks(document, "csharp").SelectMany(b => b.Code).Select(l => PrintedComment().Match(l)).Where(m => m.Success).Select(m => m.Groups[1].Value.Trim()))
        {
            Assert.Contains(comment, output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(WithCommands))]
    public void Commands_do_what_they_say(string document)
    {
        foreach (string line in Blocks(document, "sh").SelectMany(b => b.Code))
        {
            Match parts = Command().Match(line);
            string command = parts.Groups[1].Value.Trim();
            if (command.Length == 0 || NotRun.Any(n => command.StartsWith(n.Beginning, StringComparison.Ordinal)))
            {
                continue;
            }

            string inRepository = "dotnet run --project tools/convert -- ";
            (string folder, string arguments) = command.StartsWith(inRepository, StringComparison.Ordinal) ? (Fixtures.Repository, command[inRepository.Length..])
                : command.StartsWith("convert ", StringComparison.Ordinal) ? (reader.Folder, command["convert ".Length..])
                : throw new InvalidOperationException($"{document}: nothing tells how to run: {line}");
            (int exit, string output) = Processes.Run(folder, Processes.DotnetPath, [reader.Tool, .. Words(arguments)]);
            int expected = parts.Groups[2].Success ? int.Parse(parts.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture) : 0;
            Assert.True(exit == expected, $"{document}: {command}: ended with {exit}: {output}");
        }
    }

    private static IEnumerable<string> Documents() =>
        ["README.md", .. Directory.EnumerateFiles(Path.Combine(Fixtures.Repository, "docs"), "*.md").Order(StringComparer.Ordinal).Select(f => $"docs/{Path.GetFileName(f)}")];

    private static IEnumerable<CodeBlock> Blocks(string document, string language) => CodeBlock.Of(Fixtures.Repository, document).Where(b => b.Language == language);

    private static IEnumerable<string> Words(string arguments) => Word().Matches(arguments).Select(m => m.Value.Trim('"'));

    /// <summary>A comment behind a line that prints says what it prints.</summary>
    [GeneratedRegex(@"Console\.WriteLine\(.*\); *// (\[.*)$")]
    private static partial Regex PrintedComment();

    [GeneratedRegex(@"^([^#]*)(?:# *exit (\d))?")]
    private static partial Regex Command();

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Word();

    /// <summary>One build of the code of all documents, and a folder with the files they name.</summary>
    public sealed class Reader : IDisposable
    {
        /// <summary>The documents' files, and which fixtures play them.</summary>
        private static readonly (string Name, string Suite, string File)[] Files =
        [
            ("sentiment.keras", "seeds", "seeds-imdb-keras-3.15.1.keras"),
            ("vectors.npz", "seeds", "seeds-imdb-keras-3.15.1.npz"),
            ("sentiment.h5", "seeds", "seeds-imdb-keras-2.3.1.h5"),
            ("tokenizer.json", "seeds", "seeds-tokenizer-keras-2.3.1.json"),
            ("tokenizer.pickle", "pickles", "tokenizer-all-keras-2.15.0-protocol-4.pickle"),
            ("model.keras", "seeds", "seeds-imdb-keras-3.15.1.keras"),
            ("apart.weights.h5", "real", "dl4j__cnn_tf__apart.weights.h5"),
            ("apart.json", "real", "dl4j__cnn_tf__apart.json"),
        ];

        private readonly TemporaryFolder _root = new();

        public Reader()
        {
            Folder = Directory.CreateDirectory(_root.File("reader")).FullName;
            foreach ((string name, string suite, string file) in Files)
            {
                File.Copy(Fixtures.Path(suite, file), Path.Combine(Folder, name));
            }

            string sources = Directory.CreateDirectory(_root.File("documents")).FullName;
            DocumentProgram[] programs = [.. Documents().Where(d => Blocks(d, "csharp").Any() || d == MigrationTable.Document).Select(ProgramOf)];
            foreach (DocumentProgram program in programs)
            {
                File.WriteAllText(Path.Combine(sources, program.Name + ".cs"), program.Text);
            }

            File.WriteAllText(Path.Combine(sources, "Main.cs"), $$"""
                await (args[0] switch
                {
                {{string.Join('\n', programs.Select(p => $"    \"{p.Name}\" => Documents.{p.Name}.Program.Run(),"))}}
                    _ => throw new System.ArgumentException(args[0]),
                });
                """);
            File.WriteAllText(Path.Combine(sources, "documents.csproj"), $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <OutputType>Exe</OutputType>
                    <TargetFramework>net10.0</TargetFramework>
                    <Nullable>enable</Nullable>
                    <ImplicitUsings>enable</ImplicitUsings>
                    <InvariantGlobalization>true</InvariantGlobalization>
                    <NuGetAudit>false</NuGetAudit>
                  </PropertyGroup>
                  <ItemGroup>
                    <Reference Include="{AppContext.BaseDirectory}KerasCompat.*.dll" Exclude="{AppContext.BaseDirectory}*Tests.dll;{AppContext.BaseDirectory}*Testing.dll" />
                    <Reference Include="{AppContext.BaseDirectory}Newtonsoft.Json.dll;{AppContext.BaseDirectory}YamlDotNet.dll;{AppContext.BaseDirectory}System.Numerics.Tensors.dll" />
                  </ItemGroup>
                </Project>
                """);
            Processes.Dotnet(sources, ["build", "-c", "Release", "-o", _root.File("out"), "-v", "quiet"]);
        }

        /// <summary>Where a reader would stand.</summary>
        internal string Folder { get; }

        internal string Program => Path.Combine(_root.File("out"), "documents.dll");

        internal string Tool { get; } = Path.Combine(AppContext.BaseDirectory, "convert.dll");

        /// <inheritdoc/>
        public void Dispose() => _root.Dispose();

        private static DocumentProgram ProgramOf(string document)
        {
            var program = new DocumentProgram(document, Blocks(document, "csharp"));
            if (document == MigrationTable.Document)
            {
                foreach ((int line, string code) in MigrationTable.Calls())
                {
                    program.Add(document, line, code.EndsWith(';') ? code : $"_ = {code};");
                }
            }

            return program;
        }
    }
}
