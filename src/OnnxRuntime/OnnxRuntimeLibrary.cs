using System.Reflection;
using System.Runtime.InteropServices;

namespace KerasCompat.OnnxRuntime;

/// <summary>ONNX Runtime's native library, found when it is first asked for.</summary>
/// <remarks>
/// Looked for at: the path in the environment variable <see cref="PathVariable"/>; beside the program; where a build on this machine put it; where the
/// system finds libraries.
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

        return (0, "no libonnxruntime");
    }

    private static IEnumerable<string> Candidates()
    {
        string name = OperatingSystem.IsWindows() ? "onnxruntime.dll" : OperatingSystem.IsMacOS() ? "libonnxruntime.dylib" : "libonnxruntime.so";
        string? built = typeof(OnnxRuntimeLibrary).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "OnnxRuntimeLibrary")?.Value;
        string? fetched = built is null ? null : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), built);
        string?[] paths = [Environment.GetEnvironmentVariable(PathVariable), Path.Combine(AppContext.BaseDirectory, name), fetched];
        return [.. paths.Where(p => !string.IsNullOrEmpty(p) && File.Exists(p)).Select(p => p!), name];
    }
}
