using System.Runtime.CompilerServices;

namespace KerasCompat.Containers.Tests;

/// <summary>The files beside these tests, and folders to write into.</summary>
internal static class ContentFiles
{
    public static string Path(string file) => System.IO.Path.Combine(Folder(), "files", file);

    public static string NewFolder() => Directory.CreateTempSubdirectory("containers").FullName;

    private static string Folder([CallerFilePath] string path = "") => System.IO.Path.GetDirectoryName(path)!;
}
