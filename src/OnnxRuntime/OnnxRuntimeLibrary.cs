using System.Reflection;
using System.Runtime.InteropServices;

namespace KerasCompat.OnnxRuntime;

/// <summary>ONNX Runtime's native library, found when it is first asked for.</summary>
/// <remarks>
/// Looked for beside the program, where a build on this machine put it, and where the system finds libraries; where the environment variable
/// <see cref="PathVariable"/> names a file, there alone.
/// </remarks>
public static unsafe class OnnxRuntimeLibrary
{
    /// <summary>The environment variable that names the library's file.</summary>
    public const string PathVariable = "KERASCOMPAT_ONNXRUNTIME";

    /// <summary>The interface asked for; every ONNX Runtime since 1.17 has it.</summary>
    private const uint ApiVersion = 17;

    private static readonly Lazy<(nint Api, string? Reason)> Loaded = new(Load);

    /// <summary>True where the library is there.</summary>
    public static bool IsAvailable => Loaded.Value.Reason is null;

    /// <summary>Why the library is not there; null where it is.</summary>
    public static string? Reason => Loaded.Value.Reason;

    /// <summary>The library's version.</summary>
    public static string? Version { get; private set; }

    /// <summary>The table of the library's functions.</summary>
    /// <exception cref="UnsupportedModelException">The library is not there.</exception>
    internal static OrtApi Api => Loaded.Value is { Reason: null } loaded
        ? new OrtApi(loaded.Api)
        : throw new UnsupportedModelException("ONNX Runtime", Loaded.Value.Reason!, "its native library", $"put libonnxruntime beside the program, or its path into {PathVariable}");

    private static (nint, string?) Load()
    {
        foreach (string candidate in Candidates())
        {
            if (!NativeLibrary.TryLoad(candidate, out nint library))
            {
                continue;
            }

            if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out nint export))
            {
                return (0, $"\"{candidate}\" is no ONNX Runtime");
            }

            // OrtApiBase: GetApi, GetVersionString.
            var functions = (nint*)((delegate* unmanaged<nint>)export)();
            Version = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)functions[1])());
            nint api = ((delegate* unmanaged<uint, nint>)functions[0])(ApiVersion);
            return api == 0 ? (0, $"ONNX Runtime {Version} is older than 1.{ApiVersion}") : (api, null);
        }

        return (0, Named is { } named ? $"{PathVariable} names \"{named}\", which is no library that loads" : "no libonnxruntime");
    }

    private static string? Named => Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } path ? path : null;

    private static IEnumerable<string> Candidates()
    {
        if (Named is { } named)
        {
            return [named];
        }

        string name = OperatingSystem.IsWindows() ? "onnxruntime.dll" : OperatingSystem.IsMacOS() ? "libonnxruntime.dylib" : "libonnxruntime.so";
        string? built = typeof(OnnxRuntimeLibrary).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "OnnxRuntimeLibrary")?.Value;
        string? fetched = built is null ? null : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), built);
        string?[] paths = [Path.Combine(AppContext.BaseDirectory, name), fetched];
        return [.. paths.Where(p => !string.IsNullOrEmpty(p) && File.Exists(p)).Select(p => p!), name];
    }
}
