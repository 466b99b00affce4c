/**
 * @file
 * A temporary folder of a test's own, removed with all it holds.
 */
#ifndef SUPPORT_FOLDER_H
#define SUPPORT_FOLDER_H

/** Longest path, with its NUL. */
#define FOLDER_PATH_MAX 256

/** A folder below /tmp; fails the test if it cannot be made. */
void folder_make(char ret_path[FOLDER_PATH_MAX]);
/** As above, in memory where the machine has such a place: for thousands of short lives. */
void folder_make_in_memory(char ret_path[FOLDER_PATH_MAX]);
/** Removes the folder and everything in it. */
void folder_remove(const char *path);
/** Writes the path of @p name in @p folder to @p ret_path. */
void folder_path(char ret_path[FOLDER_PATH_MAX], const char *folder, const char *name);

#endif
