using System.Security.Cryptography;
using System.Text;

namespace KerasCompat.Runtime.OpenCl;

/// <summary>Compiled kernels on disk, by device, driver and source. What cannot be read or written is compiled again.</summary>
/// <param name="device">Device, driver and options: a kernel compiled for others is another.</param>
/// <param name="directory">Where they lie; null for nowhere.</param>
internal sealed class KernelCache(string device, string? directory)
{
    /// <summary>The environment variable that names the directory; empty for no cache on disk.</summary>
    public const string PathVariable = "KERASCOMPAT_KERNEL_CACHE";

    /// <summary>Where kernels lie unless told.</summary>
    public static string? DefaultDirectory { get; } = FindDirectory();

    /// <summary>The kernel's binary, where an earlier process left it.</summary>
    public byte[]? TryRead(string source)
    {
        try
        {
            return directory is not null && PathOf(source) is var path && File.Exists(path) ? File.ReadAllBytes(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps a kernel's binary. Readers see the whole file or none.</summary>
    public void Write(string source, Func<byte[]> binary)
    {
        if (directory is null || binary() is not { Length: > 0 } bytes)
        {
            return;
        }

        string path = PathOf(source), temporary = $"{path}.{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(directory);
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A cache that cannot be written costs time, nothing else.
            TryDelete(temporary);
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The directory went away, and the file with it.
        }
    }

    private static string? FindDirectory()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { } named)
        {
            return named.Length == 0 ? null : named;
        }

        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache)
        {
            return Path.Combine(cache, "kerascompat", "kernels");
        }

        string home = Environment.GetFolderPath(OperatingSystem.IsLinux() ? Environment.SpecialFolder.UserProfile : Environment.SpecialFolder.LocalApplicationData);
        return home.Length == 0 ? null : Path.Combine(home, OperatingSystem.IsLinux() ? ".cache/kerascompat" : "kerascompat", "kernels");
    }

    private string PathOf(string source) =>
        Path.Combine(directory!, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{device}\0{source}"))) + ".bin");
}
