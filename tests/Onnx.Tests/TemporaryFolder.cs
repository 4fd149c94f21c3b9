namespace KerasCompat.Onnx.Tests;

/// <summary>A folder for the files of one test.</summary>
internal static class TemporaryFolder
{
    /// <summary>Runs a test with a folder of its own, which is gone afterwards.</summary>
    public static void Use(Action<string> test)
    {
        string folder = Directory.CreateTempSubdirectory("onnx").FullName;
        try
        {
            test(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
