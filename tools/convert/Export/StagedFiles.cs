namespace KerasCompat.Convert.Export;

/// <summary>Files written in a directory beside their place and moved there when all of them are whole and checked.</summary>
internal sealed class StagedFiles : IDisposable
{
    private readonly List<(string Directory, string Final)> _staged = [];

    /// <summary>Writes one file that has its name only once it is whole.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        using var staged = new StagedFiles();
        using (FileStream stream = File.Create(staged.Add(path)))
        {
            write(stream);
        }

        staged.Complete();
    }

    /// <summary>Where to write a file; what else is written in that directory goes with it.</summary>
    public string Add(string path)
    {
        string full = Path.GetFullPath(path);
        string directory = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.part");
        Directory.CreateDirectory(directory);
        _staged.Add((directory, full));
        return Path.Combine(directory, Path.GetFileName(full));
    }

    /// <summary>Moves all files to their places, and names them.</summary>
    public IReadOnlyList<string> Complete()
    {
        var moved = new List<string>();
        foreach ((string directory, string final) in _staged)
        {
            // The file itself last: who sees it finds its data beside it, and never data of another.
            string[] files = [.. Directory.EnumerateFiles(directory).OrderBy(f => Path.GetFileName(f) == Path.GetFileName(final))];
            if (files.Length > 1)
            {
                File.Delete(final);
            }

            foreach (string file in files)
            {
                moved.Add(Path.Combine(Path.GetDirectoryName(final)!, Path.GetFileName(file)));
                File.Move(file, moved[^1], overwrite: true);
            }
        }

        return moved;
    }

    public void Dispose()
    {
        foreach ((string directory, _) in _staged.Where(s => Directory.Exists(s.Directory)))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
