using System.Runtime.InteropServices;

namespace KerasCompat.Runtime.OpenCl;

/// <summary>The system's OpenCL library (the loader of its vendors' drivers), found when it is first asked for.</summary>
internal static class OpenClLibrary
{
    /// <summary>The environment variable that names the library's file, where it lies in no usual place.</summary>
    public const string PathVariable = "KERASCOMPAT_OPENCL";

    private static readonly Lazy<(OpenClApi? Api, string? Reason)> Loaded = new(Load);

    /// <summary>The library's functions; null where there is no library.</summary>
    public static OpenClApi? Api => Loaded.Value.Api;

    /// <summary>Why there is no library; null where there is one.</summary>
    public static string? Reason => Loaded.Value.Reason;

    private static (OpenClApi?, string?) Load()
    {
        string[] candidates = [.. Candidates()];
        foreach (string candidate in candidates)
        {
            if (!NativeLibrary.TryLoad(candidate, out nint library))
            {
                continue;
            }

            try
            {
                return (new OpenClApi(library), null);
            }
            catch (EntryPointNotFoundException e)
            {
                return (null, $"\"{candidate}\" is no OpenCL 1.2: {e.Message}");
            }
        }

        return (null, $"no OpenCL library ({string.Join(", ", candidates)})");
    }

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } path)
        {
            yield return path;
        }
        else if (OperatingSystem.IsWindows())
        {
            yield return "OpenCL.dll";
        }
        else if (OperatingSystem.IsMacOS())
        {
            yield return "/System/Library/Frameworks/OpenCL.framework/OpenCL";
        }
        else
        {
            yield return "libOpenCL.so.1";
            yield return "libOpenCL.so";
        }
    }
}
