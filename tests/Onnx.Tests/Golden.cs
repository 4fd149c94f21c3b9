using System.Runtime.CompilerServices;

namespace KerasCompat.Onnx.Tests;

/// <summary>Texts that are looked at by people before they change.</summary>
internal static class Golden
{
    /// <summary>Compares with a golden; where there is none it is written, and the test fails once.</summary>
    public static void Check(string name, string text)
    {
        string path = Path.Combine(Folder(), "Goldens", name);
        if (!File.Exists(path))
        {
            File.WriteAllText(path, text);
            Assert.Fail($"{name} was not there and is now: look at it");
        }

        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), text);
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
