using System.IO.Compression;
using System.Reflection.Metadata;
using System.Text;
using System.Xml.Linq;
using KerasCompat.Testing;

namespace KerasCompat.Shipping.Tests;

/// <summary>The packages as they leave: packed, looked into, and used by a program that knows nothing of this repository.</summary>
public sealed class PackageTests(PackageFeed feed) : IClassFixture<PackageFeed>
{
    private static readonly string[] Assemblies =
        ["KerasCompat.Abstractions", "KerasCompat.Hdf5", "KerasCompat.KerasImport", "KerasCompat.Onnx", "KerasCompat.Runtime", "KerasCompat.Zip"];

    [Fact]
    public void Library_package_holds_assemblies_their_documentation_readme_and_licence()
    {
        using ZipArchive package = feed.Open("KerasCompat", "nupkg");
        string[] files = [.. package.Entries.Select(e => e.FullName)];
        Assert.Equal(
            Assemblies.SelectMany(a => (string[])[$"lib/net10.0/{a}.dll", $"lib/net10.0/{a}.xml"]).Order(StringComparer.Ordinal),
            files.Where(f => f.StartsWith("lib/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Contains("README.md", files);
        Assert.Contains("LICENSE", files);
        using Stream nuspec = package.GetEntry("KerasCompat.nuspec")!.Open();
        XElement metadata = XDocument.Load(nuspec).Root!.Elements().Single();
        XNamespace space = metadata.Name.Namespace;
        Assert.Equal("MIT", metadata.Element(space + "license")?.Value);
        Assert.Equal("README.md", metadata.Element(space + "readme")?.Value);
        Assert.Equal(
            ["Newtonsoft.Json", "System.Numerics.Tensors", "YamlDotNet"],
            metadata.Descendants(space + "dependency").Select(d => (string)d.Attribute("id")!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Symbols_package_holds_symbols_for_every_assembly()
    {
        using ZipArchive symbols = feed.Open("KerasCompat", "snupkg");
        Assert.Equal(
            Assemblies.Select(a => $"lib/net10.0/{a}.pdb"),
            symbols.Entries.Select(e => e.FullName).Where(f => f.StartsWith("lib/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    /// <summary>A debugger steps into the library without asking a server: every document of every assembly is in its symbols.</summary>
    [ReleaseTheory]
    [InlineData("KerasCompat", "snupkg", 6)]
    [InlineData("KerasCompat.Tool", "snupkg", 8)]
    public void Symbols_hold_the_sources(string id, string kind, int assemblies)
    {
        var embedded = new Guid("0E8A571B-6926-466E-B4AD-8AB04611F5FE");
        using ZipArchive package = feed.Open(id, kind);
        ZipArchiveEntry[] symbols = [.. package.Entries.Where(e => e.Name.EndsWith(".pdb", StringComparison.Ordinal))];
        Assert.Equal(assemblies, symbols.Length);
        foreach (ZipArchiveEntry entry in symbols)
        {
            var bytes = new MemoryStream();
            using (Stream stream = entry.Open())
            {
                stream.CopyTo(bytes);
            }

            bytes.Position = 0;
            using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(bytes);
            MetadataReader reader = provider.GetMetadataReader();
            Assert.All(reader.Documents, document => Assert.Contains(
                reader.GetCustomDebugInformation(document), info => reader.GetGuid(reader.GetCustomDebugInformation(info).Kind) == embedded));
        }
    }

    /// <summary>Nothing in a package may tell on which machine it was built.</summary>
    [ReleaseTheory]
    [InlineData("KerasCompat", "nupkg")]
    [InlineData("KerasCompat", "snupkg")]
    [InlineData("KerasCompat.Tool", "nupkg")]
    public void Package_names_no_folder_of_the_building_machine(string id, string kind)
    {
        byte[][] folders = [.. ((string[])[Fixtures.Repository, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)])
            .Where(f => f.Length > 1).SelectMany(f => (byte[][])[Encoding.UTF8.GetBytes(f + "/"), Encoding.Unicode.GetBytes(f + "/")])];
        using ZipArchive package = feed.Open(id, kind);
        foreach (ZipArchiveEntry entry in package.Entries.Where(e => e.Name.StartsWith("KerasCompat.", StringComparison.Ordinal) || e.Name.StartsWith("convert.", StringComparison.Ordinal)))
        {
            using var bytes = new MemoryStream();
            using Stream stream = entry.Open();
            stream.CopyTo(bytes);
            Assert.All(folders, f => Assert.True(bytes.GetBuffer().AsSpan(0, (int)bytes.Length).IndexOf(f) < 0, $"{entry.FullName} names {Encoding.UTF8.GetString(f)}"));
        }
    }

    /// <summary>A new project with one package reference loads a fixture, predicts, and finds Keras's numbers.</summary>
    [Fact]
    public void New_project_predicts_what_Keras_predicted()
    {
        string project = feed.NewFolder("clean");
        File.WriteAllText(Path.Combine(project, "clean.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="KerasCompat" Version="{PackageFeed.Version}" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(project, "Program.cs"), """
            using KerasCompat;
            using KerasCompat.Runtime;
            using KerasCompat.Verification;

            using KerasModel model = KerasModel.Load(args[0]);
            Tensor y = model.Predict(Tensor.Zeros(DType.Float32, new Shape(2, model.Inputs[0].Type.Shape[1].Value)));
            Console.WriteLine($"predicted {y.Shape}");
            VerificationReport report = model.Verify(args[1]);
            Console.WriteLine(report);
            return report.Passes ? 0 : 1;
            """);
        string[] files = [Fixtures.Path("seeds", "seeds-imdb-keras-3.15.1.keras"), Fixtures.Path("seeds", "seeds-imdb-keras-3.15.1.npz")];
        string output = Processes.Dotnet(project, ["run", "--", .. files], feed.Environment);
        Assert.Contains("predicted (2, 1)", output, StringComparison.Ordinal);
        Assert.Contains("largest difference", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Tool_installs_and_verifies()
    {
        string tools = feed.NewFolder("tools");
        Processes.Dotnet(tools, ["tool", "install", "KerasCompat.Tool", "--version", PackageFeed.Version, "--tool-path", tools, "--configfile", feed.Config], feed.Environment);
        string command = Path.Combine(tools, OperatingSystem.IsWindows() ? "keras-convert.exe" : "keras-convert");
        (int exit, string output) = Processes.Run(tools, command, ["verify", Fixtures.Path("seeds", "seeds-embedding-keras-2.3.1.h5"), Fixtures.Path("seeds", "seeds-embedding-keras-2.3.1.npz")], feed.Environment);
        Assert.True(exit == 0, output);
        Assert.Contains("same numbers", output, StringComparison.Ordinal);
    }
}
