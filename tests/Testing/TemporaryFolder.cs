namespace KerasCompat.Testing;

/// <summary>A folder for the files of a test, gone with all that is in it when the test is over.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Where it is.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("kerascompat-").FullName;

    /// <summary>Runs a test with a folder of its own.</summary>
    public static void Use(Action<string> test)
    {
        using var folder = new TemporaryFolder();
        test(folder.Path);
    }

    /// <summary>The path of a file in it, which need not be there.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
