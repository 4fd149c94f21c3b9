namespace KerasCompat.Runtime.OpenCl;

/// <summary>The system's OpenCL library: the loader of its vendors' drivers.</summary>
internal static class OpenClLibrary
{
    /// <summary>The environment variable that names the library's file, where it lies in no usual place.</summary>
    public const string PathVariable = "KERASCOMPAT_OPENCL";

    private static readonly OptionalLibrary<OpenClApi> Library = new(
        "OpenCL",
        PathVariable,
        library => new OpenClApi(library),
        OperatingSystem.IsWindows() ? ["OpenCL.dll"]
        : OperatingSystem.IsMacOS() ? ["/System/Library/Frameworks/OpenCL.framework/OpenCL"]
        : ["libOpenCL.so.1", "libOpenCL.so"]);

    /// <summary>The library's functions; null where there is no library.</summary>
    public static OpenClApi? Api => Library.Functions;

    /// <summary>Why there is no library; null where there is one.</summary>
    public static string? Reason => Library.Reason;
}
