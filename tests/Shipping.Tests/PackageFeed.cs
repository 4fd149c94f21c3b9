using System.IO.Compression;
using System.Reflection;
using KerasCompat.Testing;

namespace KerasCompat.Shipping.Tests;

/// <summary>Both packages, packed into a folder that serves as the only feed; what they depend on comes from the packages already restored.</summary>
public sealed class PackageFeed : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Packs what the build left.</summary>
    public PackageFeed()
    {
        string packages = NewFolder("feed");
        foreach (string project in (string[])["src/Package", "tools/convert"])
        {
            Processes.Dotnet(Fixtures.Repository, ["pack", project, "--no-build", "-c", Processes.Configuration, "-o", packages, "-v", "quiet"]);
        }

        Config = _folder.File("nuget.config");
        File.WriteAllText(Config, $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="feed" value="{packages}" />
              </packageSources>
              <fallbackPackageFolders>
                <clear />
                <add key="restored" value="{Processes.PackageFolder}" />
              </fallbackPackageFolders>
            </configuration>
            """);
        Environment = [("NUGET_PACKAGES", NewFolder("cache"))];
    }

    /// <summary>The version of the packages: that of the assemblies, without the commit.</summary>
    public static string Version { get; } = typeof(KerasModel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>The file that names the feed. Projects in folders of <see cref="NewFolder"/> find it by themselves.</summary>
    public string Config { get; }

    /// <summary>Keeps what is restored out of the machine's own packages.</summary>
    public (string Name, string Value)[] Environment { get; }

    /// <summary>A folder for a test.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(_folder.File(name)).FullName;

    /// <summary>Opens a package.</summary>
    public ZipArchive Open(string id, string kind) => ZipFile.OpenRead(Path.Combine(_folder.File("feed"), $"{id}.{Version}.{kind}"));

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
