using System.Runtime.CompilerServices;

namespace KerasCompat.Containers.Tests;

/// <summary>The files beside these tests.</summary>
internal static class ContentFiles
{
    public static string Path(string file) => System.IO.Path.Combine(Folder(), "files", file);

    private static string Folder([CallerFilePath] string path = "") => System.IO.Path.GetDirectoryName(path)!;
}
