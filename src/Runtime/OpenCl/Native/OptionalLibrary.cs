using System.Runtime.InteropServices;

namespace KerasCompat.Runtime.OpenCl;

/// <summary>A native library that may be there or not, looked for when it is first asked for.</summary>
/// <param name="name">What it is called in messages.</param>
/// <param name="variable">The environment variable that names its file, where it lies in no usual place.</param>
/// <param name="bind">Finds its functions.</param>
/// <param name="files">Names of its file to look for, the most usual one first.</param>
internal sealed class OptionalLibrary<T>(string name, string variable, Func<nint, T> bind, params string[] files)
    where T : class
{
    private readonly Lazy<(T? Functions, string? Reason)> _loaded = new(() => Load(name, variable, bind, files));

    /// <summary>The library's functions; null where there is no library.</summary>
    public T? Functions => _loaded.Value.Functions;

    /// <summary>Why there is no library; null where there is one.</summary>
    public string? Reason => _loaded.Value.Reason;

    private static (T?, string?) Load(string name, string variable, Func<nint, T> bind, string[] files)
    {
        string[] candidates = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } path ? [path] : files;
        foreach (string candidate in candidates)
        {
            if (!NativeLibrary.TryLoad(candidate, out nint library))
            {
                continue;
            }

            try
            {
                return (bind(library), null);
            }
            catch (EntryPointNotFoundException e)
            {
                return (null, $"\"{candidate}\" is no {name} library: {e.Message}");
            }
        }

        return (null, $"no {name} library ({string.Join(", ", candidates)})");
    }
}
